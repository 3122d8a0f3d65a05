import HTTPCore
import NIOCore

/// Requests that are answered without an exchange (``ImmediateResponder``), in rounds (``AnswerRound``).
extension ConnectionHandler {
  /// Has the request whose head the parser has answered in the loop's next round, if that may be, and nothing else is to
  /// be done on the connection: all that has come is this head.
  ///
  /// - Parameter length: the head's.
  /// - Returns: false where it is to have an exchange.
  func joinsRound(_ length: Int) -> Bool {
    guard roundMembership != .declined, loop.server.hasImmediateResponder, length == input.readableBytes,
      state.isOpen, requestsServed + 1 < configuration.requestsPerConnection,
      Self.mayBeAnswered(&parser, &input, loop.server.immediateResponder), !isWarningDue
    else {
      roundMembership = .none
      return false
    }
    guard roundMembership == .none else { return true }
    roundMembership = .waiting
    deadline = nil
    loop.addToRound(self)
    return true
  }

  /// Of a proxy that is not trusted, as every request with an exchange may bring it about.
  private var isWarningDue: Bool {
    loop.server.mayWarnOfForwarding && Self.hasForwarding(&parser)
      && !configuration.trustedProxies.contains(peer: peer.remoteAddress)
  }

  func answerInRound() {
    // Something has happened to the connection meanwhile, and its request has had an exchange.
    guard roundMembership == .waiting, context != nil else { return }
    roundMembership = .none
    if answerAtOnce() { return }
    roundMembership = .declined
    processInput()
  }

  private func answerAtOnce() -> Bool {
    guard state.isOpen, pendingOutput == nil, channelIsFree(), let descriptor,
      case .complete(input.readableBytes) = Self.parse(&parser, &input, loop).outcome,
      Self.makeAnswer(&parser, &input, loop)
    else { return false }
    parser.reset()
    loop.keepTable(parser.takeTable())
    input = ByteBuffer()
    requestsServed += 1
    loop.noteOwnAnswer()

    let sent = loop.answer.send(to: descriptor)
    countQueued(sent)
    for piece in loop.answer.takeRemainder(after: sent) { write(piece) }
    awaitRequest()
    flushIfNeeded()
    return true
  }

  // These take by reference what would be copied otherwise.

  private static func hasForwarding(_ parser: inout RequestHeadParser) -> Bool {
    parser.head.fields.contains { $0.known.isForwarding }
  }

  private static func mayBeAnswered(
    _ parser: inout RequestHeadParser,
    _ input: inout ByteBuffer,
    _ responder: any ImmediateResponder
  ) -> Bool {
    guard parser.head.isPlainGet else { return false }
    return input.withUnsafeReadableBytes { responder.mayAnswer(parser.head, $0.bytes) }
  }

  private static func makeAnswer(
    _ parser: inout RequestHeadParser,
    _ input: inout ByteBuffer,
    _ loop: LoopContext
  ) -> Bool {
    input.withUnsafeReadableBytes { loop.makeAnswer(parser.head, $0.bytes) }
  }
}
