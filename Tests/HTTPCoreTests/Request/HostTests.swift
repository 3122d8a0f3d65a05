import HTTPCore
import Testing

@Suite("Host (RFC 9112 3.2, RFC 9110 7.2)")
struct HostTests {
  @Test(
    "a host and an optional port are accepted as they are",
    arguments: [
      "a", "example.com", "example.com:8000", "example.com:", "EXAMPLE.com", "a_b-c.d~e", "127.0.0.1:80",
      "256.1.1.1",
      "[::1]", "[::1]:443", "[::]", "[2001:db8::]", "[1:2:3:4:5:6:7:8]", "[::ffff:192.0.2.1]",
      "[1:2:3:4:5:6:1.2.3.4]", "[1::2:3:4:5:6:7]", "xn--bcher-kva.example", "%41.example", "a:1", "a:65535",
    ]
  )
  func valid(_ host: String) throws {
    let parsed = try ParsedHead(Wire("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"))
    #expect(parsed.text(parsed.head.authoritySpan) == host)
  }

  @Test(
    "anything else is 400, in HTTP/1.0 too",
    arguments: [
      "", " ", ":80", "a b", "a/b", "a?b", "a#b", "u@a", "a:b", "a:-1", "a:+1", "a:0", "a:65536",
      "a:99999999999999999999", "a:80:80", "[", "[]", "[::1", "::1", "[::1]x", "[::1]]", "[:::]", "[1::2::3]",
      "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7::8]", "[12345::]", "[g::]", "[::1%25eth0]",
      "[1.2.3.4]", "[::1.2.3]", "[::1.2.3.256]", "[::1.2.3.04]", "[::1.2.3.4:5]", "[:1]", "[1:]", "[v1.x]",
      "%4", "%",
      "a%zz", "a\u{e9}", "\"a\"", "a\\b", "a<b", "{a}", "a\tb", "http://a", "a^b",
    ]
  )
  func invalid(_ host: String) {
    for version in ["1.0", "1.1"] {
      #expect(HeadReplay.verdict("GET / HTTP/\(version)\r\nHost: \(host)\r\n\r\n").status == 400)
    }
  }

  @Test("HTTP/1.1 needs one, HTTP/1.0 may have none, and two are refused even if equal")
  func number() throws {
    #expect(HeadReplay.verdict("GET / HTTP/1.1\r\n\r\n").status == 400)
    #expect(try ParsedHead("GET / HTTP/1.0\r\n\r\n").head.authoritySpan == nil)
    for version in ["1.0", "1.1"] {
      #expect(HeadReplay.verdict("GET / HTTP/\(version)\r\nHost: a\r\nHost: a\r\n\r\n").status == 400)
      #expect(HeadReplay.verdict("GET / HTTP/\(version)\r\nHost: a\r\nhOST: b\r\n\r\n").status == 400)
    }
  }
}
