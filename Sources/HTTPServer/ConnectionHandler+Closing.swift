import Glibc
import NIOCore

/// The ways in which a connection ends. None of them but ``abort()`` takes from the client what it is still to get.
extension ConnectionHandler {
  /// Calls `body` when everything that was written has been taken over by the kernel: at once, as a rule.
  ///
  /// A client that never takes it is the business of the send time-out.
  func whenFlushed(_ body: @escaping () -> Void) {
    flushIfNeeded()
    guard let context else { return }
    guard unsentBytes > 0 else { return body() }
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenSuccess(body)
    channelHasOutput = true
    context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: promise)
  }

  /// Bytes that wait in the channel for the kernel to have room.
  var unsentBytes: Int {
    (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  /// Ends the connection such that the client can read all of the response before it sees a reset (RFC 9112,
  /// section 9.6): what it still sends is read and dropped for a while. Meanwhile it takes nobody's place.
  func linger() {
    input = ByteBuffer()
    whenFlushed { [self] in
      guard let context else { return }
      guard !state.inputHasEnded, mayLinger() else { return context.close(promise: nil) }
      deadline = Deadline(.linger, loop.now + ServerConfiguration.lingerTime)
      context.close(mode: .output, promise: nil)
      holdOrResumeReading()
    }
  }

  /// Closes a connection on which nothing more is expected.
  func closeWhenFlushed() {
    whenFlushed { [self] in context?.close(promise: nil) }
  }

  /// Ends a response that can't be completed. The client gets what there was of it, and sees that the rest is missing.
  func breakOff() {
    // Where only the connection's end tells the response's, a proper end would be a lie.
    guard output.framing != .untilClose else { return abort() }
    _ = state.reject()
    abandonExchange()
    closeWhenFlushed()
  }

  /// Cuts the connection: whoever is at the other end must see that something is missing.
  func abort() {
    guard let context else { return }
    // With a linger time of zero, closing sends a reset instead of a FIN, which could be read as the proper end of a
    // response that has no length.
    let socket = context.channel as? any SocketOptionProvider
    _ = socket?.setSoLinger(Glibc.linger(l_onoff: 1, l_linger: 0))
    context.close(promise: nil)
  }
}
