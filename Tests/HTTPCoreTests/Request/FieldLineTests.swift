import HTTPCore
import Testing

@Suite("Field lines (RFC 9112 5)")
struct FieldLineTests {
  @Test("names, values and known fields come in order, values without white space around them")
  func table() throws {
    let parsed = try ParsedHead(
      "GET / HTTP/1.1\r\nhOsT: a\r\nAccept:*/*\r\nX-Empty:\r\nX-Blank: \t \r\nX-Tab:\ta\tb \t\r\nX-Obs: \u{e9}\u{ff}\r\n\r\n"
    )
    let rows = parsed.head.fields.map { [parsed.text($0.name), parsed.text($0.value)] }
    #expect(
      rows == [
        ["hOsT", "a"], ["Accept", "*/*"], ["X-Empty", ""], ["X-Blank", ""], ["X-Tab", "a\tb"],
        ["X-Obs", "\u{e9}\u{ff}"],
      ]
    )
    #expect(parsed.head.fields.map(\.known) == [.host, .accept, .other, .other, .other, .other])
    #expect(parsed.head.count(of: .other) == 4)
    #expect(parsed.text(parsed.head.first(.accept)) == "*/*")
    #expect(parsed.head.first(.cookie) == nil)
    #expect(parsed.length == parsed.bytes.count)
  }

  @Test(
    "an invalid name is 400: not a token, empty, or with space before the colon",
    arguments: [
      "X : a", "X\t: a", ": a", " X: a", "\tX: a", "X", "X a", "X(): a", "X\u{e9}: a", "X\0: a", "\"X\": a",
      "X/Y: a",
      "X,Y: a", "Transfer-Encoding : chunked", "Content-Length\u{b}: 1", "[X]: a", "X{}: a", "X@: a",
      "\u{7f}: a",
    ]
  )
  func invalidName(_ line: String) {
    #expect(HeadReplay.verdict(Wire.field(line).text).status == 400)
  }

  @Test("each byte that is not a token's is refused in a name, and each that is, is taken")
  func everyNameByte() {
    let others = Set("!#$%&'*+-.^_`|~".utf8)
    for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ":") {
      let isToken =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || others.contains(byte)
      let input = Array("GET / HTTP/1.1\r\nHost: a\r\nX".utf8) + [byte] + Array("Y: a\r\n\r\n".utf8)
      #expect((HeadReplay.verdict(input).status == nil) == isToken, "\(byte)")
    }
  }

  @Test("a control character other than the tab is refused in a value, at any place")
  func everyValueByte() {
    for byte in UInt8.min...UInt8.max {
      let isText = byte == 9 || (byte >= 0x20 && byte != 0x7F)
      for padding in [0, 3, 9] {
        let pad = [UInt8](repeating: UInt8(ascii: "v"), count: padding)
        let input = Array("GET / HTTP/1.0\r\nX: ".utf8) + pad + [byte] + pad + Array("\r\n\r\n".utf8)
        // A lone CR at the value's end is followed by another CR, not by an LF: also refused.
        #expect((HeadReplay.verdict(input).status == nil) == isText, "\(byte) after \(padding)")
      }
    }
  }

  @Test(
    "line ends are CRLF only, and a folded line is refused (RFC 9112 2.2, 5.2)",
    arguments: [
      "X: a\nY: b", "X: a\rY: b", "X: a\r\r\nY: b", "X: a\r\n b", "X: a\r\n\tb", "X: a\r\n \r\nY: b",
      "X: a\n\r\n",
      "X: a\r\n\nY: b", "X: a\r\n\rY: b", "X: a\0b", "X: a\u{85}\nb", "X:\r\n chunked",
    ]
  )
  func lineEnds(_ line: String) {
    #expect(HeadReplay.verdict(Wire.field(line).text).status == 400)
  }

  @Test("white space before the first field is refused (RFC 9112 2.2)")
  func leadingWhitespace() {
    #expect(HeadReplay.verdict("GET / HTTP/1.0\r\n X: a\r\n\r\n").status == 400)
  }

  @Test("many small fields, one large field and a large head are 431, each at its exact bound")
  func limits() throws {
    var limits = HTTPLimits()
    limits.fieldCount = 3
    limits.fieldSize = 10
    limits.headSize = 32
    func status(_ fields: String) -> UInt16? {
      HeadReplay.verdict("GET / HTTP/1.0\r\n\(fields)\r\n", limits: limits).status
    }
    #expect(status("A:\r\nA:\r\nA:\r\n") == nil)
    #expect(status("A:\r\nA:\r\nA:\r\nA:\r\n") == 431)
    #expect(status("A:12345678\r\n") == nil)
    #expect(status("A:123456789\r\n") == 431)
    #expect(status("ABCDEFGHIJ:\r\n") == 431)
    #expect(status("A:12345678\r\nA:12345678\r\nA:1234\r\n") == nil)
    #expect(status("A:12345678\r\nA:12345678\r\nA:12345\r\n") == 431)
    limits.headSize = 0
    #expect(status("") == nil)
    #expect(status("A:\r\n") == 431)
    limits.headSize = .max
    limits.fieldSize = .max
    limits.fieldCount = .max
    #expect(status("A:\r\n") == nil)
    limits.fieldCount = -1
    #expect(status("A:\r\n") == 431)
  }

  @Test("the default limits bound a flood of small fields (SwiftNIO CVE-2026-28980)")
  func flood() {
    var input = Array("GET / HTTP/1.0\r\n".utf8)
    for _ in 0...100 { input += Array("a:\r\n".utf8) }
    #expect(HeadReplay.parse(input, endingAt: [input.count], HTTPLimits()).status == 431)
    let endless = Array("GET / HTTP/1.0\r\nA: ".utf8) + [UInt8](repeating: 0x61, count: 9000)
    #expect(HeadReplay.parse(endless, endingAt: [endless.count], HTTPLimits()).status == 431)
  }
}
