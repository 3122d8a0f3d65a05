import DequeModule
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
    var pieces: Deque<ByteBuffer> = []
    var count = 0
    var isWanted = false
    var end = End.none
  }

  private enum End {
    case none, complete, broken
  }

  /// What a reader gets.
  package enum Piece {
    case data(ByteBuffer)
    case end
    /// The client has gone, or what it sent is malformed: the rest will never come.
    case broken
  }

  /// Bytes.
  private static let small = 8 << 10

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

  var isBusy: Bool { state.withLock { $0.count >= limit && $0.end == .none } }

  func append(_ data: ByteBuffer) {
    state.withLock { state in
      guard state.end == .none else { return }
      state.count += data.readableBytes
      // Each piece keeps all the memory that it was received in: small ones are copied together.
      if let last = state.pieces.indices.last,
        state.pieces[last].readableBytes + data.readableBytes <= Self.small
      {
        state.pieces[last].writeImmutableBuffer(data)
      } else if data.readableBytes <= Self.small {
        var copy = ByteBuffer()
        copy.writeImmutableBuffer(data)
        state.pieces.append(copy)
      } else {
        state.pieces.append(data)
      }
    }
    state.signal()
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
      if end == .broken {
        state.pieces = []
        state.count = 0
      }
    }
    state.broadcast()
  }

  // MARK: - The reader's side

  /// The next bytes, at most `count` of them. Waits for the client: for a thread that is detached from Python.
  package func read(atMost count: Int) -> Piece {
    let isFirst = state.withLock { state in
      defer { state.isWanted = true }
      return !state.isWanted
    }
    if isFirst { loop.execute(begin) }
    let (piece, hasRoomAgain) = state.wait { state -> (Piece, Bool)? in
      guard var data = state.pieces.popFirst() else {
        switch state.end {
        case .none: return nil
        case .complete: return (.end, false)
        case .broken: return (.broken, false)
        }
      }
      if data.readableBytes > count, let part = data.readSlice(length: count) {
        state.pieces.prepend(data)
        data = part
      }
      let wasFull = state.count >= limit
      state.count -= data.readableBytes
      return (.data(data), wasFull && state.count < limit)
    }
    if hasRoomAgain { loop.execute(resume) }
    return piece
  }
}
