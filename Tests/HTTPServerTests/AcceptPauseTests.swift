import Glibc
import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPServer

@Suite("Accept pause")
struct AcceptPauseTests {
  /// At the limit of open files, one connection that ends makes room for one: each time there is a success between two
  /// failures.
  @Test func aServerAtItsLimitSaysSoOnce() throws {
    let records = Records()
    let channel = EmbeddedChannel(handler: AcceptPause(Logger(label: "test") { _ in records }))
    for _ in 0..<5 {
      channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
      channel.pipeline.fireChannelRead(EmbeddedChannel() as any Channel)
    }
    #expect(
      records.messages == [
        "no connection can be accepted at the moment: Too many open files. Raise the limit of open files (ulimit -n)."
      ]
    )
    _ = try channel.finish()
  }
}

private final class Records: LogHandler, @unchecked Sendable {
  // Used on one thread.
  private(set) var messages: [String] = []
  var metadata = Logger.Metadata()
  var logLevel = Logger.Level.debug

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { messages.append("\(event.message)") }
}
