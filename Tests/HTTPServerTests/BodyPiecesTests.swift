import NIOCore
import Testing

@testable import HTTPServer

@Suite("Pieces of a body")
struct BodyPiecesTests {
  @Test func smallPiecesShareMemory() {
    var pieces = BodyPieces()
    for _ in 0..<100 { pieces.append(ByteBuffer(string: "0123456789")) }
    #expect(pieces.count == 1000)
    #expect(pieces.popFirst()?.readableBytes == 1000)
    #expect(pieces.isEmpty)
    #expect(pieces.count == 0)
  }

  @Test func largePiecesStayWhereTheyAre() {
    var pieces = BodyPieces()
    var large = ByteBufferAllocator().buffer(capacity: 20_000)
    large.writeRepeatingByte(7, count: 20_000)
    let address = large.withUnsafeReadableBytes { $0.baseAddress }
    pieces.append(ByteBuffer(string: "ab"))
    pieces.append(large)
    pieces.append(ByteBuffer(string: "cd"))
    #expect(pieces.count == 20_004)
    #expect(pieces.popFirst().map { String(buffer: $0) } == "ab")
    #expect(pieces.popFirst()?.withUnsafeReadableBytes { $0.baseAddress } == address)
    #expect(pieces.popFirst().map { String(buffer: $0) } == "cd")
  }

  @Test func whatIsTakenOffTheFrontCanEndWithinAPiece() {
    let large = String(repeating: "x", count: 10_000)
    var pieces = BodyPieces()
    pieces.append(ByteBuffer(string: "abcdef"))
    pieces.append(ByteBuffer(string: large))
    #expect(text(pieces.removeFirst(atMost: 4)) == "abcd")
    #expect(pieces.count == 10_002)
    #expect(text(pieces.removeFirst(atMost: 12)) == "efxxxxxxxxxx")
    #expect(text(pieces.removeFirst(atMost: 1_000_000)).count == 9990)
    #expect(pieces.isEmpty)
    #expect(pieces.removeFirst(atMost: 4).isEmpty)
  }

  private func text(_ pieces: BodyPieces) -> String {
    let bytes = [UInt8](unsafeUninitializedCapacity: pieces.count) { target, count in
      count = pieces.count
      pieces.copy(
        to: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[..<count])
      )
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
