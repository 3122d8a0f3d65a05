import NIOCore

/// Where body bytes go as they arrive. Used on the connection's event loop.
protocol BodySink: AnyObject {
  /// Nothing more is read from the client while this is so.
  var isBusy: Bool { get }
  func append(_ data: ByteBuffer)
  /// The body is whole.
  func finish()
  /// It will never be.
  func cancel()
}

/// A request body that is read while it arrives: the event loop puts in, one other thread takes out, and a client that is
/// faster than that thread is not read from.
package final class BodyStream: BodySink, Sendable {
  private struct State {
    var pieces = BodyPieces()
    var isWanted = false
    /// From so many bytes on, one of those who wait for some can go on.
    var enough = Int.max
    var end = End.none
  }

  private enum End {
    case none, complete, broken
  }

  /// What a reader gets.
  package enum Piece {
    case data(BodyPieces)
    case end
    /// The client has gone, or what it sent is malformed: the rest will never come.
    case broken
  }

  private let state = Monitor(State())
  private let limit: Int
  private let loop: any EventLoop
  /// Called on the loop: when the body is first asked for, and when there is room again after it was full.
  private let begin, resume: @Sendable () -> Void

  init(
    limit: Int,
    loop: any EventLoop,
    begin: @escaping @Sendable () -> Void,
    resume: @escaping @Sendable () -> Void
  ) {
    self.limit = max(limit, 1)
    self.loop = loop
    self.begin = begin
    self.resume = resume
  }

  // MARK: - The event loop's side

  var isBusy: Bool { state.withLock { $0.pieces.count >= limit && $0.end == .none } }

  func append(_ data: ByteBuffer) {
    let isEnough = state.withLock { state in
      guard state.end == .none else { return false }
      state.pieces.append(data)
      guard state.pieces.count >= state.enough else { return false }
      // Whoever has to wait on says so again.
      state.enough = .max
      return true
    }
    if isEnough { state.broadcast() }
  }

  func finish() {
    end(.complete)
  }

  func cancel() {
    end(.broken)
  }

  private func end(_ end: End) {
    state.withLock { state in
      guard state.end == .none else { return }
      state.end = end
      if end == .broken { state.pieces = BodyPieces() }
    }
    state.broadcast()
  }

  // MARK: - The reader's side

  /// The next bytes, at most `count` of them. Waits for the client: for a thread that is detached from Python.
  ///
  /// - Parameter fully: whether to wait for all of them, or for as many as leave room to receive more meanwhile.
  package func read(atMost count: Int, fully: Bool = false) -> Piece {
    let enough = fully ? min(count, max(limit / 2, 1)) : 1
    let isFirst = state.withLock { state in
      defer { state.isWanted = true }
      return !state.isWanted
    }
    if isFirst { loop.execute(begin) }
    let (piece, hasRoomAgain) = state.wait { state -> (Piece, Bool)? in
      let before = state.pieces.count
      switch state.end {
      case .none where before < enough:
        state.enough = min(state.enough, enough)
        return nil
      case .complete where before == 0: return (.end, false)
      case .broken: return (.broken, false)
      default: break
      }
      let data = state.pieces.removeFirst(atMost: count)
      return (.data(data), before >= limit && state.pieces.count < limit)
    }
    if hasRoomAgain { loop.execute(resume) }
    return piece
  }
}
