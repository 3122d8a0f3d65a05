import HTTPCore
import Testing

@Suite("Percent-encoding (RFC 3986 2.1)")
struct PercentCodingTests {
  private static func decode(_ text: String) -> [UInt8]? {
    var decoded: [UInt8] = []
    return PercentCoding.decode([UInt8](latin1: text).span.bytes, into: &decoded) ? decoded : nil
  }

  @Test("escapes become bytes, everything else stays")
  func decoding() {
    #expect(Self.decode("") == [])
    #expect(Self.decode("/a+b%20c") == Array("/a+b c".utf8))
    #expect(Self.decode("%c3%A9%00%fF%25") == [0xC3, 0xA9, 0, 0xFF, 0x25])
    #expect(Self.decode("%2541") == Array("%41".utf8))
  }

  @Test(
    "a malformed escape is refused",
    arguments: ["%", "%4", "a%", "%4g", "%g4", "%%41", "% 1", "%+1", "%-1", "%\u{e9}1"]
  )
  func malformed(_ text: String) {
    #expect(Self.decode(text) == nil)
  }

  @Test("every byte comes back from an encoded path, in which there is nothing but path characters")
  func encoding() {
    let all = Array(UInt8.min...UInt8.max)
    let encoded = PercentCoding.encodePath(all)
    #expect(Self.decode(encoded.latin1) == all)
    #expect(encoded.allSatisfy { ByteClass.path.contains($0) || $0 == UInt8(ascii: "%") })
    #expect(PercentCoding.encodePath(Array("/a b?#%\"\r\n".utf8)).latin1 == "/a%20b%3F%23%25%22%0D%0A")
    #expect(PercentCoding.encodePath(Array("/-._~!$&'()*+,;=:@".utf8)).latin1 == "/-._~!$&'()*+,;=:@")
  }
}
