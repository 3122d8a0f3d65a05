import Logging
import NIOCore

/// Stops accepting for a moment when the process is out of descriptors or memory.
///
/// The kernel goes on saying that a connection is waiting, and without a pause the loop would do nothing but ask for it.
final class AcceptPause: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  private static let pause = TimeAmount.milliseconds(250)

  private let logger: Logger
  private var isPaused = false
  private var wasReported = false
  private var readIsHeld = false

  init(_ logger: Logger) {
    self.logger = logger
  }

  func read(context: ChannelHandlerContext) {
    if isPaused { readIsHeld = true } else { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wasReported = false
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !wasReported {
      logger.warning(
        "no connection can be accepted at the moment: \(error). Raise the limit of open files (ulimit -n)."
      )
      wasReported = true
    }
    guard !isPaused else { return }
    isPaused = true
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
      isPaused = false
      guard readIsHeld else { return }
      readIsHeld = false
      context.read()
    }
  }
}
