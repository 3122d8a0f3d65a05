import HTTPCore
import NIOCore

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
    if directOutput == nil, !directOutputIsRefused { directOutput = DirectOutput(copying: descriptor) }
    guard let directOutput else {
      directOutputIsRefused = true
      return
    }
    directOutput.offer(to: exchange.sequence)
    exchange.directOutput = directOutput
    outputIsOffered = true
  }

  /// From now on all that is written goes through the loop, and what has been written before is known.
  func withdrawOutput() {
    guard outputIsOffered else { return }
    outputIsOffered = false
    if let sent = directOutput?.withdraw() { noteDirectOutput(sent) }
  }

  /// Looks whether the response has been written meanwhile.
  func collectDirectOutput() {
    guard outputIsOffered, let sent = directOutput?.takeSent() else { return }
    outputIsOffered = false
    noteDirectOutput(sent)
  }

  private func noteDirectOutput(_ sent: DirectOutput.Sent) {
    guard exchange != nil else { return }
    _ = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    output = ResponseOutput(
      framing: .length(Int64(sent.contentCount)),
      status: sent.status.code,
      bodyBytes: Int64(sent.contentCount)
    )
    countQueued(sent.byteCount)
    directOutputWasUsed = true
    if sent.isWhole { endResponse() }
  }

  /// Gives the copy of the descriptor back where it has not been used for a while: a connection that is idle needs none.
  func releaseIdleOutput() {
    directOutputIsRefused = false
    guard directOutput != nil, !outputIsOffered else { return }
    if !directOutputWasUsed { closeDirectOutput() }
    directOutputWasUsed = false
  }

  func closeDirectOutput() {
    directOutput?.close()
    directOutput = nil
  }
}
