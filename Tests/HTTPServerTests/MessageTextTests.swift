import Glibc
import NIOCore
import Testing

@testable import HTTPServer

@Suite("Message text")
struct MessageTextTests {
  @Test func oneByteIsNotSeveral() {
    #expect([0, 1, 2].map { byteText($0) } == ["0 bytes", "1 byte", "2 bytes"])
  }

  @Test func reasonsNameNoTypeOfOurs() {
    let reset = IOError(errnoCode: ECONNRESET, reason: "read(descriptor:pointer:size:)")
    #expect(reasonText(reset) == "Connection reset by peer")
    #expect(!reasonText(ChannelError.ioOnClosedChannel).contains("ioOnClosedChannel"))
  }
}
