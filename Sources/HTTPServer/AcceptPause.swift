import Logging
import NIOCore

/// Stops accepting for a moment when the process is out of descriptors or memory.
///
/// The kernel goes on saying that a connection is waiting, and without a pause the loop would do nothing but ask for it.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel

  private static let pause = TimeAmount.milliseconds(250)

  private let logger: Logger
  private var isPaused = false
  private var wasReported = false

  init(_ logger: Logger) {
    self.logger = logger
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wasReported = false
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !wasReported {
      let reason = (error as? IOError).map { errorText($0.errnoCode) } ?? "\(error)"
      logger.warning(
        "no connection can be accepted at the moment: \(reason). Raise the limit of open files (ulimit -n)."
      )
      wasReported = true
    }
    guard !isPaused else { return }
    isPaused = true
    // Only this makes the channel lose interest: a read that was asked for stays asked for when it fails.
    let channel = context.channel
    try? channel.syncOptions?.setOption(.autoRead, value: false)
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
      isPaused = false
      try? channel.syncOptions?.setOption(.autoRead, value: true)
    }
  }
}
