import HTTPCore
import Testing

@Suite("Writing chunks")
struct ChunkEncodingTests {
  @Test("a size line is the count in hexadecimal")
  func headers() {
    #expect(ChunkEncoding.header(forCount: 1).latin1 == "1\r\n")
    #expect(ChunkEncoding.header(forCount: 0xBEEF).latin1 == "beef\r\n")
    #expect(ChunkEncoding.header(forCount: .max).latin1 == "7fffffffffffffff\r\n")
  }

  @Test("empty content writes nothing, for an empty chunk would end the body")
  func empty() {
    #expect(ChunkEncoding.header(forCount: 0).isEmpty)
    var sink: [UInt8] = []
    ChunkEncoding.writeChunk(UnsafeRawBufferPointer(start: nil, count: 0), into: &sink)
    #expect(sink.isEmpty)
  }

  @Test("what is written is what our own decoder reads")
  func roundTrip() {
    var sink: [UInt8] = []
    var content: [UInt8] = []
    for count in [1, 15, 16, 17, 255, 4096] {
      let part = [UInt8](repeating: UInt8(truncatingIfNeeded: count), count: count)
      part.withUnsafeBytes { ChunkEncoding.writeChunk($0, into: &sink) }
      content += part
    }
    sink.append(ChunkEncoding.lastChunk)
    let verdict = ChunkReplay.decode(sink, cutAt: [], HTTPLimits())
    #expect(verdict == .complete(content, length: sink.count))
  }
}
