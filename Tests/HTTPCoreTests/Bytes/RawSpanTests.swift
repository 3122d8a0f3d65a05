import HTTPCore
import Testing

@Suite struct RawSpanTests {
  private func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    first.span.bytes.equals(second.span.bytes)
  }

  private func isEqual(_ text: String, _ range: Range<Int>, _ other: StaticString) -> Bool {
    Array(text.utf8).span.bytes.equals(range, other)
  }

  @Test func `bytes are equal if all of them are, whatever their count`() {
    for count in 0..<40 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      #expect(areEqual(bytes, Array(bytes)))
      #expect(!areEqual(bytes, bytes + [0]))
      #expect(!areEqual(bytes + [0], bytes))
      for place in 0..<count {
        var other = bytes
        other[place] ^= 0x80
        #expect(!areEqual(bytes, other))
      }
    }
  }

  @Test func `a stretch is compared with a text of its length`() {
    let text = "GET /index"
    #expect(isEqual(text, 0..<3, "GET"))
    #expect(isEqual(text, 4..<10, "/index"))
    #expect(isEqual(text, 3..<3, ""))
    #expect(!isEqual(text, 0..<3, "GE"))
    #expect(!isEqual(text, 0..<3, "GETS"))
    #expect(!isEqual(text, 0..<3, "get"))
  }
}
