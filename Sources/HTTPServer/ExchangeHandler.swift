/// Answers requests, or passes them on.
package protocol ExchangeHandler: Sendable {
  /// Called on the exchange's event loop once the request's head is known and before any of its body has been
  /// read. It must not block, and must in the end either answer or decline.
  func handle(_ exchange: Exchange)
}

/// Where exchanges wait for threads other than the event loops.
package protocol ExchangeQueue: AnyObject, Sendable {
  /// How many exchanges wait, as far as can be said without a lock.
  var waitingCount: Int { get }

  /// Takes everything that one turn of an event loop has made ready. It must not block.
  func push(_ exchanges: [Exchange])

  /// Waits as long as the other threads have much left to do: at most so many microseconds, and not at all where they
  /// have little.
  func waitWhileBusy(microseconds: Int64)
}

/// Is told of every request that has been answered, for logs and counts.
package protocol ExchangeObserver: Sendable {
  /// Called on an event loop; it must not block.
  func exchangeEnded(_ exchange: Exchange, _ result: ExchangeResult)

  /// Bytes that were no request have been turned away.
  func requestRejected(_ rejection: RejectedRequest)
}

/// How an exchange ended.
package struct ExchangeResult: Sendable {
  /// The status that went out; nil where none did before the client had gone.
  package var status: UInt16?
  /// Bytes of the response's body that were handed to the channel, without their framing.
  package var bodyBytes: Int64
  /// The response reached its end.
  package var isComplete: Bool
}
