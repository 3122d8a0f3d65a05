import NIOCore
import Testing

@testable import HTTPServer

@Suite struct WriteStallTests {
  @Test func nothingWaitingIsNoStall() {
    var stall = WriteStall()
    #expect(stall.observe(buffered: 0, at: .uptimeNanoseconds(1)) == .zero)
    #expect(stall.observe(buffered: 0, at: .uptimeNanoseconds(1_000_000_000)) == .zero)
  }

  @Test func aClientThatTakesNothingIsSeenToStall() {
    var stall = WriteStall()
    #expect(stall.observe(buffered: 100, at: .uptimeNanoseconds(0)) == .zero)
    #expect(stall.observe(buffered: 100, at: .uptimeNanoseconds(5)) == .nanoseconds(5))
    #expect(stall.observe(buffered: 100, at: .uptimeNanoseconds(9)) == .nanoseconds(9))
  }

  @Test func anyProgressBeginsTheCountAgain() {
    var stall = WriteStall()
    _ = stall.observe(buffered: 100, at: .uptimeNanoseconds(0))
    #expect(stall.observe(buffered: 99, at: .uptimeNanoseconds(5)) == .zero)
    #expect(stall.observe(buffered: 99, at: .uptimeNanoseconds(9)) == .nanoseconds(4))
  }
}
