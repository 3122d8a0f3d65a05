import HTTPCore
import Testing

@Suite("Request target (RFC 9112 3.2)")
struct RequestTargetTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let method: String
    let target: String
    let form: RequestTarget.Form
    let path: String?
    let query: String?
    let authority: String?

    init(
      _ target: String,
      _ form: RequestTarget.Form,
      path: String?,
      query: String? = nil,
      authority: String = "a",
      method: String = "GET"
    ) {
      self.target = target
      self.form = form
      self.path = path
      self.query = query
      self.authority = authority
      self.method = method
    }

    var testDescription: String { "\(method) \(target)" }
  }

  @Test(
    "each form gives its path, query and authority",
    arguments: [
      Sample("/", .origin, path: "/"),
      Sample("/a/b;c=1", .origin, path: "/a/b;c=1"),
      Sample("/a?b=1&c=%2", .origin, path: "/a", query: "b=1&c=%2"),
      Sample("/a?", .origin, path: "/a", query: ""),
      Sample("/a?b?c", .origin, path: "/a", query: "b?c"),
      Sample("//evil.example/..", .origin, path: "//evil.example/.."),
      Sample("/%41%c3%A9/%2e%2E", .origin, path: "/%41%c3%A9/%2e%2E"),
      Sample("/a?%00", .origin, path: "/a", query: "%00"),
      Sample("http://b.example/p?q", .absolute, path: "/p", query: "q", authority: "b.example"),
      Sample("HTTPS://b:8443", .absolute, path: "/", authority: "b:8443"),
      Sample("http://b?q", .absolute, path: "/", query: "q", authority: "b"),
      Sample("http://b/", .absolute, path: "/", authority: "b"),
      Sample("http://[::1]:80/x", .absolute, path: "/x", authority: "[::1]:80"),
      Sample("*", .asterisk, path: nil, method: "OPTIONS"),
      Sample("b.example:443", .authority, path: nil, authority: "b.example:443", method: "CONNECT"),
      Sample("[2001:db8::1]:443", .authority, path: nil, authority: "[2001:db8::1]:443", method: "CONNECT"),
    ]
  )
  func forms(_ sample: Sample) throws {
    let parsed = try ParsedHead(.target(sample.target, method: sample.method))
    #expect(parsed.head.targetForm == sample.form)
    #expect(parsed.text(parsed.head.targetSpan) == sample.target)
    #expect(parsed.text(parsed.head.pathSpan) == sample.path)
    #expect(parsed.text(parsed.head.querySpan) == sample.query)
    #expect(parsed.text(parsed.head.authoritySpan) == sample.authority)
  }

  @Test(
    "any other target is 400",
    arguments: [
      "a", "a/b", "?q", "*", "*x", "b:443", "ftp://b/", "http:/b", "http:b", "http://", "http:///p",
      "https://",
      "http://?q", "http://:80/", "http://u@b/", "http://u:p@b/", "http://b:x/", "http://b:65536/",
      "http://[::1/",
      "http://[::1]x/", "http://b%/", "javascript:alert(1)", "/a#b", "/#", "/\u{e9}", "/\u{7f}",
      "/\0", "/a\u{b}b", "/%", "/%4", "/%4g", "/%g4", "/a%", "/%00", "/a%00.php", "http://b/%00", "/%zz?ok",
    ]
  )
  func refused(_ target: String) {
    #expect(HeadReplay.verdict(Wire.target(target).text).status == 400)
  }

  @Test("OPTIONS has the asterisk, CONNECT the authority with a port, and neither is for others")
  func methodsOfForms() {
    for (method, target) in [
      ("CONNECT", "/"), ("CONNECT", "b"), ("CONNECT", "b:"), ("CONNECT", "b:0"), ("CONNECT", "http://b:80/"),
      ("CONNECT", "u@b:80"), ("CONNECT", "*"), ("POST", "*"), ("OPTIONS", "b:80"),
    ] {
      #expect(
        HeadReplay.verdict(Wire.target(target, method: method).text).status == 400,
        "\(method) \(target)"
      )
    }
  }

  @Test("the target's authority replaces Host, which must be there and valid all the same (RFC 9112 3.2.2)")
  func authorityWins() throws {
    let parsed = try ParsedHead("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(parsed.text(parsed.head.authoritySpan) == "b")
    #expect(parsed.text(parsed.head.first(.host)) == "a")
    #expect(HeadReplay.verdict("GET http://b/ HTTP/1.1\r\n\r\n").status == 400)
    #expect(HeadReplay.verdict("GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n").status == 400)
  }
}
