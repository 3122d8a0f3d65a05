import HTTPCore
import NIOCore

/// Requests that are answered without an exchange (``ImmediateResponder``).
extension ConnectionHandler {
  /// Answers the request whose head the parser has, if that can be done on the spot and nothing else is to be done on the
  /// connection: all that has come is this head, and nothing waits to go out.
  ///
  /// - Parameter length: the head's.
  func answerAtOnce(_ length: Int) -> Bool {
    guard loop.server.hasImmediateResponder, length == input.readableBytes, state.isOpen,
      requestsServed + 1 < configuration.requestsPerConnection, pendingOutput == nil, channelIsFree(),
      let descriptor, Self.makeAnswer(&parser, &input, loop)
    else { return false }
    parser.reset()
    parser.swapFieldMemory(&loop.fieldMemory)
    input = ByteBuffer()
    requestsServed += 1
    loop.noteOwnAnswer()

    let sent = loop.answer.send(to: descriptor)
    countQueued(sent)
    if let remainder = loop.answer.takeRemainder(after: sent) { write(remainder) }
    awaitRequest()
    return true
  }

  /// Takes by reference what would be copied otherwise.
  private static func makeAnswer(
    _ parser: inout RequestHeadParser,
    _ input: inout ByteBuffer,
    _ loop: LoopContext
  ) -> Bool {
    guard parser.head.isPlainGet else { return false }
    return input.withUnsafeReadableBytes { loop.makeAnswer(parser.head, $0.bytes) }
  }
}
