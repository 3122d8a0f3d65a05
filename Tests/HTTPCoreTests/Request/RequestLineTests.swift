import HTTPCore
import Testing

@Suite("Request line (RFC 9112 3)")
struct RequestLineTests {
  @Test("the methods of RFC 9110 and PATCH are told apart; any other token is `other`")
  func methods() throws {
    for method in HTTPMethod.allCases where method != .other && method != .connect {
      let parsed = try ParsedHead(.target(method == .options ? "*" : "/", method: "\(method.token)"))
      #expect(parsed.head.method == method)
      #expect(parsed.text(parsed.head.methodSpan) == "\(method.token)")
    }
    for token in ["get", "PURGE", "GETT", "M-SEARCH", "!#$%&'*+-.^_`|~0"] {
      let parsed = try ParsedHead(.target("/", method: token))
      #expect(parsed.head.method == .other)
      #expect(parsed.text(parsed.head.methodSpan) == token)
    }
  }

  @Test(
    "what is not exactly method SP target SP version CRLF is 400",
    arguments: [
      " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\tGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "GET / \r\nHost: a\r\n\r\n", "GET /\r\n\r\n", "GET\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\rHost: a\r\r", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\n\nHost: a\r\n\r\n", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
      "G\u{e9}T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET,POST / HTTP/1.1\r\nHost: a\r\n\r\n",
      "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET:/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ] as [Wire]
  )
  func malformed(_ wire: Wire) {
    #expect(HeadReplay.verdict(wire.text).status == 400)
  }

  @Test(
    "a malformed version is 400",
    arguments: [
      "http/1.1", "HTTP/1", "HTTP/1.", "HTTP/1.11", "HTTP/11.1", "HTTP /1.1", "HTTP/1 .1", "HTTP/a.1",
      "HTTP/1,1",
      "HTTPS/1.1", "HTTP/-1.1", "HTTP/1.1\u{b}", "FOO", "ICY/1.1",
    ]
  )
  func malformedVersion(_ version: String) {
    #expect(HeadReplay.verdict("GET / \(version)\r\nHost: a\r\n\r\n").status == 400)
  }

  @Test("another major version is 505", arguments: ["HTTP/0.9", "HTTP/2.0", "HTTP/3.1", "HTTP/9.9"])
  func otherMajor(_ version: String) {
    #expect(HeadReplay.verdict("GET / \(version)\r\nHost: a\r\n\r\n").status == 505)
  }

  @Test("a higher minor version is understood as HTTP/1.1 (RFC 9110 2.5)")
  func minorVersions() throws {
    #expect(try ParsedHead("GET / HTTP/1.0\r\n\r\n").head.version == .http10)
    for minor in 1...9 {
      #expect(try ParsedHead(Wire("GET / HTTP/1.\(minor)\r\nHost: a\r\n\r\n")).head.version == .http11)
    }
  }

  @Test("two empty lines before the request line are passed over, a third or half a one is refused")
  func emptyLines() throws {
    let parsed = try ParsedHead("\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\nrest")
    #expect(parsed.text(parsed.head.targetSpan) == "/x")
    #expect(parsed.length == parsed.bytes.count - 4)
    for bad in ["\r\n\r\n\r\nGET / HTTP/1.1\r\n", "\nGET / HTTP/1.1\r\n", "\rGET / HTTP/1.1\r\n"] {
      #expect(HeadReplay.verdict(bad).status == 400)
    }
  }

  @Test("what can never become a request is refused at its first bad byte")
  func earlyRefusal() {
    // A TLS ClientHello, half a line with a control character, the preface of something else.
    for (text, count) in [
      ("\u{16}\u{3}\u{1}\u{2}\0", 1), ("GET /\u{1}", 6), ("GET / X", 7), ("SSH-2.0-x\r", 10),
    ] {
      let input = [UInt8](latin1: text)
      #expect(HeadReplay.verdict(input).status == 400)
      #expect(HeadReplay.verdict(Array(input.prefix(count - 1))) == .incomplete)
      #expect(HeadReplay.verdict(Array(input.prefix(count))).status == 400)
    }
  }

  @Test("an over-long method is 501, an over-long line 414, and both limits are exact")
  func limits() throws {
    let longest = String(repeating: "M", count: 32)
    #expect(try ParsedHead(.target("/", method: longest)).head.method == .other)
    #expect(HeadReplay.verdict(Wire.target("/", method: longest + "M").text).status == 501)

    var limits = HTTPLimits()
    limits.requestLine = 40
    let target = "/" + String(repeating: "x", count: 40 - "GET / HTTP/1.1".utf8.count)
    #expect(throws: Never.self) { try ParsedHead(.target(target), limits: limits) }
    #expect(HeadReplay.verdict(Wire.target(target + "x").text, limits: limits).status == 414)
    #expect(HeadReplay.verdict("GET /" + String(repeating: "x", count: 36), limits: limits).status == 414)
    #expect(HeadReplay.verdict("GET /" + String(repeating: "x", count: 35), limits: limits) == .incomplete)
    limits.requestLine = 0
    #expect(HeadReplay.verdict("G", limits: limits).status == 414)
  }
}
