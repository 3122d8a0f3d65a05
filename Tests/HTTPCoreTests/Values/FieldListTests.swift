import HTTPCore
import Testing

@Suite("Comma-separated lists (RFC 9110 5.6.1)")
struct FieldListTests {
  @Test(
    "elements come without white space, empty ones not at all, and quoted commas do not separate",
    arguments: [
      ("", []), (" , ,", []), ("a", ["a"]), ("a,b", ["a", "b"]), (" a ,\tb\t, c", ["a", "b", "c"]),
      (",a,,b,", ["a", "b"]), ("\"a,b\", W/\"c\"", ["\"a,b\"", "W/\"c\""]),
      ("\"a\\\",b\",c", ["\"a\\\",b\"", "c"]), ("\"a,b", ["\"a,b"]), ("\"a\\", ["\"a\\"]),
      ("a b,c", ["a b", "c"]),
    ] as [(String, [String])]
  )
  func elements(_ value: String, _ expected: [String]) {
    let bytes = Array(value.utf8)
    var list = FieldList(0..<bytes.count)
    var found: [String] = []
    while let range = list.next(in: bytes.span.bytes) { found.append(Array(bytes[range]).latin1) }
    #expect(found == expected)
    #expect(list.next(in: bytes.span.bytes) == nil)
  }

  @Test("a token is found in any case, as a whole element only")
  func contains() {
    func contains(_ token: StaticString) -> Bool {
      let bytes = Array("Upgrade, HTTP2-Settings".utf8)
      return FieldList.contains(bytes.span.bytes, FieldSpan(0..<bytes.count), token: token)
    }
    #expect(contains("upgrade"))
    #expect(contains("http2-settings"))
    #expect(!contains("http2"))
  }
}
