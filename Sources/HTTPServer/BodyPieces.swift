import DequeModule
import NIOCore

/// Bytes of a request's body in the memory in which they were received.
package struct BodyPieces: Sendable {
  /// Each piece keeps all the memory that it was received in: up to so many bytes are copied together instead.
  private static let small = 8 << 10

  private var pieces: Deque<ByteBuffer> = []
  package private(set) var count = 0

  var isEmpty: Bool { pieces.isEmpty }

  mutating func append(_ data: ByteBuffer) {
    count += data.readableBytes
    if let last = pieces.indices.last, pieces[last].readableBytes + data.readableBytes <= Self.small {
      pieces[last].writeImmutableBuffer(data)
    } else if data.readableBytes <= Self.small {
      var copy = ByteBuffer()
      copy.writeImmutableBuffer(data)
      pieces.append(copy)
    } else {
      pieces.append(data)
    }
  }

  package mutating func popFirst() -> ByteBuffer? {
    guard let data = pieces.popFirst() else { return nil }
    count -= data.readableBytes
    return data
  }

  /// Takes so many bytes off the front, or all there are.
  mutating func removeFirst(atMost wanted: Int) -> BodyPieces {
    var taken = BodyPieces()
    while taken.count < wanted, var data = popFirst() {
      if data.readableBytes > wanted - taken.count, let part = data.readSlice(length: wanted - taken.count) {
        pieces.prepend(data)
        count += data.readableBytes
        data = part
      }
      taken.pieces.append(data)
      taken.count += data.readableBytes
    }
    return taken
  }

  /// Puts all of them into memory that has room for exactly that.
  package func copy(to target: UnsafeMutableRawBufferPointer) {
    var offset = 0
    for piece in pieces {
      piece.withUnsafeReadableBytes { bytes in
        UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: bytes)
        offset += bytes.count
      }
    }
  }
}
