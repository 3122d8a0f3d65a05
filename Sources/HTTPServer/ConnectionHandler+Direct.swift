import HTTPCore
import NIOCore

/// How far a connection's socket is lent to others.
struct OutputLending {
  var output: DirectOutput?
  /// Somebody may write to it now, or has.
  var isOffered = false
  var wasUsed = false
  /// There is none at the moment: descriptors are scarce.
  var isRefused = false
}

/// Responses that a Python thread writes itself (``DirectOutput``).
extension ConnectionHandler {
  /// Lends the socket to whoever answers the exchange, if nothing else could have to be said on it meanwhile, and nobody
  /// wants to hear at once that it has been answered.
  func offerOutput(to exchange: Exchange) {
    // The first request of a connection may be its only one.
    guard exchange === self.exchange, requestsServed > 1, state.allowsDirectOutput,
      exchange.head.version == .http11, loop.server.observer == nil,
      input.readableBytes == 0, pendingOutput == nil, channelIsFree(), let descriptor
    else { return }
    if lending.output == nil, !lending.isRefused { lending.output = DirectOutput(copying: descriptor) }
    guard let output = lending.output else {
      lending.isRefused = true
      return
    }
    output.offer(to: exchange.sequence)
    exchange.directOutput = output
    lending.isOffered = true
  }

  /// From now on all that is written goes through the loop, and what has been written before is known.
  func withdrawOutput() {
    guard lending.isOffered else { return }
    lending.isOffered = false
    if let sent = lending.output?.withdraw() { noteDirectOutput(sent) }
  }

  /// Looks whether the response has been written meanwhile.
  func collectDirectOutput() {
    guard lending.isOffered, let sent = lending.output?.takeSent() else { return }
    lending.isOffered = false
    noteDirectOutput(sent)
  }

  private func noteDirectOutput(_ sent: DirectOutput.Sent) {
    guard exchange != nil else { return }
    _ = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    output = ResponseOutput(whole: sent.status, contentCount: sent.contentCount)
    countQueued(sent.byteCount)
    lending.wasUsed = true
    if sent.isWhole { endResponse() }
  }

  /// Gives the copy of the descriptor back where it has not been used for a while: a connection that is idle needs none.
  func releaseIdleOutput() {
    lending.isRefused = false
    guard lending.output != nil, !lending.isOffered else { return }
    if !lending.wasUsed { closeDirectOutput() }
    lending.wasUsed = false
  }

  func closeDirectOutput() {
    lending.output?.close()
    lending.output = nil
  }
}
