import HTTPCore

/// A handler that has the answers to some requests at hand. To make an exchange for such a one would cost more than to
/// answer it.
package protocol ImmediateResponder: ExchangeHandler {
  /// Whether there may be an answer to a request at hand: a glance at it. On an event loop.
  ///
  /// - Parameters: as of ``answer(_:_:into:)``.
  func mayAnswer(_ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool

  /// Puts the answer to a request together, of which ``mayAnswer(_:_:)`` has said that it might. On an event loop; it must
  /// not block.
  ///
  /// - Parameters:
  ///   - head: of a GET (``RequestHead/isPlainGet``).
  ///   - bytes: Those that the spans of the head are relative to.
  ///   - answer: Empty. After it the connection goes on, so its length must be told.
  /// - Returns: whether it is there. If not, the request gets an exchange, and what is in `answer` counts for nothing.
  func answer(_ head: borrowing RequestHead, _ bytes: RawSpan, into answer: inout AnswerBuffer) -> Bool
}

/// That of a server that has none.
struct NoImmediateResponder: ImmediateResponder {
  func mayAnswer(_: borrowing RequestHead, _: RawSpan) -> Bool { false }

  func answer(_: borrowing RequestHead, _: RawSpan, into _: inout AnswerBuffer) -> Bool { false }

  func handle(_ exchange: Exchange) { exchange.decline() }
}
