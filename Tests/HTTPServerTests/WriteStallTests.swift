import NIOCore
import Testing

@testable import HTTPServer

@Suite("Write stall")
struct WriteStallTests {
  private func observe(
    _ stall: inout WriteStall,
    _ queued: Int,
    _ pending: Int,
    _ time: UInt64
  ) -> TimeAmount {
    stall.observe(queued: queued, pending: pending, backlog: 0, at: .uptimeNanoseconds(time))
  }

  @Test func nothingWaitingIsNoStall() {
    var stall = WriteStall()
    #expect([observe(&stall, 0, 0, 1), observe(&stall, 0, 0, 9)] == [.zero, .zero])
  }

  @Test func aClientThatTakesNothingIsSeenToStall() {
    var stall = WriteStall()
    let seen = [observe(&stall, 100, 100, 0), observe(&stall, 100, 100, 5), observe(&stall, 100, 100, 9)]
    #expect(seen == [.zero, .nanoseconds(5), .nanoseconds(9)])
  }

  @Test func anyProgressBeginsTheCountAgain() {
    var stall = WriteStall()
    let seen = [observe(&stall, 100, 100, 0), observe(&stall, 100, 99, 5), observe(&stall, 100, 99, 9)]
    #expect(seen == [.zero, .zero, .nanoseconds(4)])
  }

  @Test func aClientThatIsSlowerThanItsResponseGrowsIsNotStalled() {
    var stall = WriteStall()
    let seen = [observe(&stall, 100, 100, 0), observe(&stall, 200, 150, 5), observe(&stall, 300, 200, 9)]
    #expect(seen == [.zero, .zero, .zero])
  }
}
