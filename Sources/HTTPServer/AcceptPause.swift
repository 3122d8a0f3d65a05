import Logging
import NIOCore

/// Stops accepting for a moment when the process is out of descriptors or memory.
///
/// The kernel goes on saying that a connection is waiting, and without a pause the loop would do nothing but ask for it.
final class AcceptPause: ChannelInboundHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel

  private static let pause = TimeAmount.milliseconds(250)
  /// At the limit, each connection that ends lets another one in before the next is refused: that is no news each time.
  private static let warningInterval = TimeAmount.seconds(10)

  private let logger: Logger
  private var isPaused = false
  private var wasReported = false
  private var lastReport: NIODeadline?

  init(_ logger: Logger) {
    self.logger = logger
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wasReported = false
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    report(error)
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

  private func report(_ error: any Error) {
    let now = NIODeadline.now()
    guard !wasReported, lastReport.map({ now - $0 > Self.warningInterval }) ?? true else { return }
    logger.warning(
      "no connection can be accepted at the moment: \(reasonText(error)). Raise the limit of open files (ulimit -n)."
    )
    wasReported = true
    lastReport = now
  }
}
