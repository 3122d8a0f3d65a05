/// Backpressure from a client to the thread that makes its response.
///
/// The thread adds what it has handed over, the event loop takes off what the client has taken, and in between
/// the thread can wait, detached from Python.
package final class ResponseFlow: Sendable {
  private struct State {
    var pending = 0
    var isClosed = false
  }

  private let state = Monitor(State())
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// Counts bytes that are about to be handed over.
  ///
  /// - Returns: whether more may follow at once. If not, call ``waitForRoom()`` first.
  package func add(_ count: Int) -> Bool {
    state.withLock {
      $0.pending += count
      return $0.pending < limit || $0.isClosed
    }
  }

  /// Waits until less than the limit is pending, or the client has gone.
  package func waitForRoom() {
    state.wait { $0.pending < limit || $0.isClosed ? () : nil }
  }

  func release(_ count: Int) {
    state.withLock { $0.pending -= count }
    state.signal()
  }

  func close() {
    state.withLock { $0.isClosed = true }
    state.broadcast()
  }
}
