import NIOCore
import Testing

@testable import HTTPServer

/// Reads as a channel does: what was received is dropped before the next read.
private struct Reader {
  var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReceiveBuffers())

  /// - Returns: how much there was room for.
  mutating func read(_ available: Int) -> Int {
    let (buffer, room) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
      let room = buffer.writableBytes
      buffer.writeRepeatingByte(0, count: min(available, room))
      return room
    }
    pool.record(actualReadBytes: buffer.readableBytes)
    return room
  }
}

@Suite("Receive buffers")
struct ReceiveBuffersTests {
  @Test func aBodyIsReadInPiecesThatGrow() {
    var reader = Reader()
    let rooms = (0..<10).map { _ in reader.read(.max) }
    #expect(rooms.prefix(3) == [1024, 2048, 4096])
    #expect(rooms.suffix(2) == [64 << 10, 64 << 10])
  }

  @Test func afterABodyASmallBufferIsUsedAgain() {
    var reader = Reader()
    for _ in 0..<10 { _ = reader.read(.max) }
    let rooms = (0..<20).map { _ in reader.read(100) }
    #expect(rooms.last == 1024)
    #expect(reader.pool.count == 1)
  }

  @Test func ofALargeReadNothingIsKept() {
    var allocator = ReceiveBuffers()
    #expect(allocator.nextBufferSize() == 1024)
    let mayNotBeUsedAgain = allocator.record(actualReadBytes: 1024)
    #expect(mayNotBeUsedAgain)
    #expect(allocator.nextBufferSize() == nil)
    #expect(allocator.buffer(allocator: ByteBufferAllocator()).capacity >= 2048)
  }
}
