import NIOCore

/// A body on its way out, piece by piece: so that the end of a file can be watched, and a limit of speed kept.
struct FilePump {
  private var rest: ArraySlice<BodyPiece>
  /// The file that the pieces are of, and where the last of its bytes that go out is followed by others.
  private let file: OpenFile?
  private let end: Int64
  private let pieceSize: Int64
  private var pace: SendPace?

  /// - Parameters:
  ///   - pieces: of one file, as far as they are of files.
  ///   - rate: bytes per second; nil for no limit.
  init(_ pieces: [BodyPiece], rate: Int64?, at time: NIODeadline) {
    rest = pieces[...]
    let slices = pieces.compactMap { if case .file(let slice) = $0 { slice } else { nil } }
    file = slices.first?.file
    end = slices.map { $0.offset + $0.count }.max() ?? 0
    pace = rate.map { SendPace(rate: $0, start: time) }
    // With a limit a piece is a quarter of a second's.
    pieceSize = rate.map { min(max($0 / 4, 512), 1 << 20) } ?? 1 << 20
  }

  /// Until when nothing more may go out; nil where something may.
  func pause(at time: NIODeadline) -> NIODeadline? {
    guard let pace, !rest.isEmpty, pace.next > time else { return nil }
    return pace.next
  }

  /// Bytes that come next, if it is not part of a file.
  mutating func takeBytes() -> ByteBuffer? {
    guard case .bytes(var bytes) = rest.first else { return nil }
    guard pace != nil, Int64(bytes.readableBytes) > pieceSize,
      let piece = bytes.readSlice(length: Int(pieceSize))
    else {
      rest.removeFirst()
      pace?.add(Int64(bytes.readableBytes))
      return bytes
    }
    rest[rest.startIndex] = .bytes(bytes)
    pace?.add(pieceSize)
    return piece
  }

  /// The next part of a file to send, taken off what is left; nil at the end.
  mutating func takeSlice() -> FileSlice? {
    guard case .file(let slice) = rest.first else { return nil }
    let piece = FileSlice(file: slice.file, offset: slice.offset, count: min(slice.count, pieceSize))
    let left = FileSlice(
      file: slice.file,
      offset: slice.offset + piece.count,
      count: slice.count - piece.count
    )
    if left.count > 0 {
      rest[rest.startIndex] = .file(left)
    } else {
      rest.removeFirst()
    }
    pace?.add(piece.count)
    return piece
  }

  /// All of it has been taken.
  var isAtEnd: Bool { rest.isEmpty }

  /// The file has become shorter than what was promised: waiting for the rest would be waiting for ever.
  var hasShrunk: Bool {
    guard let file else { return false }
    guard let size = file.currentSize else { return true }
    return size < end
  }
}

/// How far a response with a limit of speed may be.
struct SendPace {
  let rate: Int64
  let start: NIODeadline
  private var sent: Int64 = 0

  init(rate: Int64, start: NIODeadline) {
    self.rate = max(rate, 1)
    self.start = start
  }

  mutating func add(_ count: Int64) {
    sent += count
  }

  /// When what has gone out by now is no more than the limit allows.
  var next: NIODeadline {
    let (seconds, rest) = sent.quotientAndRemainder(dividingBy: rate)
    // Beyond some centuries it does not matter.
    let nanoseconds = Int64(Double(rest) / Double(rate) * 1e9)
    return start + .seconds(min(seconds, 1 << 32)) + .nanoseconds(nanoseconds)
  }
}
