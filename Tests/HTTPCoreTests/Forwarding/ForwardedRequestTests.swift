import HTTPCore
import Testing

@Suite("What proxies say of a request (X-Forwarded-*, RFC 7239)")
struct ForwardedRequestTests {
  private static func read(_ lines: [String]) throws -> ForwardedRequest {
    let fields = lines.map { "\($0)\r\n" }.joined()
    let parsed = try ParsedHead(Wire("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"))
    let bytes = parsed.bytes
    let blocks = ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"].compactMap { AddressBlock($0) }
    return ForwardedRequest(parsed.head, bytes.span.bytes, proxies: TrustedPeers(blocks: blocks))
  }

  private static func text(_ bytes: [UInt8]?) -> String? { bytes.map(\.latin1) }

  @Test(
    "the client is the last address that is no proxy, from right to left",
    arguments: [
      ("203.0.113.9", "203.0.113.9", nil), ("203.0.113.9:1234", "203.0.113.9", 1234),
      ("198.51.100.1, 203.0.113.9", "203.0.113.9", nil), ("10.0.0.1, 203.0.113.9", "203.0.113.9", nil),
      ("203.0.113.9:7, 10.1.2.3:8, 127.0.0.1:9", "203.0.113.9", 7), ("10.9.9.9, 10.1.2.3", "10.9.9.9", nil),
      ("203.0.113.9,,10.1.2.3,", "203.0.113.9", nil), ("2001:db8::7", "2001:db8::7", nil),
      ("[2001:db8::7]", "2001:db8::7", nil), ("[2001:db8::7]:443", "2001:db8::7", 443),
      ("203.0.113.9, 2001:db8:1::5", "203.0.113.9", nil),
      ("203.0.113.9, ::ffff:10.1.2.3", "203.0.113.9", nil),
      ("unknown, 10.1.2.3:8", "10.1.2.3", 8), ("junk, 203.0.113.9", "203.0.113.9", nil),
      // A client's quote must not swallow what a proxy has added behind it.
      ("\", 203.0.113.9", "203.0.113.9", nil), ("\"198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9", nil),
    ] as [(String, String, UInt16?)]
  )
  func client(_ chain: String, _ address: String, _ port: UInt16?) throws {
    let forwarded = try Self.read(["X-Forwarded-For: \(chain)"])
    #expect(forwarded.address?.description == address)
    #expect(forwarded.port == port)
  }

  @Test("several lines are one list")
  func lines() throws {
    let lines = ["198.51.100.1", "203.0.113.9", "10.1.2.3, 10.1.2.4"].map { "X-Forwarded-For: \($0)" }
    #expect(try Self.read(lines).address?.description == "203.0.113.9")
  }

  @Test(
    "what is no address counts as absent",
    arguments: [
      "", ",", "unknown", "_hidden", "localhost", "203.0.113.256", "203.0.113.9:0", "203.0.113.9:65536",
      "203.0.113.9:x", "203.0.113.9;x", "[203.0.113.9]", "[2001:db8::7", "2001:db8::7]", "[2001:db8::7]443",
      "fe80::1%eth0", "'203.0.113.9'", "203.0.113.9/32", String(repeating: "1", count: 300),
    ]
  )
  func noClient(_ chain: String) throws {
    let forwarded = try Self.read(["X-Forwarded-For: \(chain)", "X-Forwarded-Proto: https"])
    #expect(forwarded.address == nil)
    #expect(forwarded.port == nil)
    #expect(forwarded.scheme == .https)
  }

  @Test(
    "of each list the element counts that the outermost of our proxies has added",
    arguments: [
      (["X-Forwarded-Proto: https"], .https), (["X-Forwarded-Proto: HTTP"], .http),
      (["X-Forwarded-Proto: http, https"], .https), (["X-Forwarded-Proto: https, http"], .http),
      (["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https, http"], .http),
      (["X-Forwarded-For: 203.0.113.9, 10.0.0.1", "X-Forwarded-Proto: https, http"], .https),
      (["X-Forwarded-For: 203.0.113.9, 10.0.0.1", "X-Forwarded-Proto: https, http, http"], .http),
      // One that is shorter is replaced at each proxy, and not added to.
      (["X-Forwarded-For: 203.0.113.9, 10.0.0.1, 10.0.0.2", "X-Forwarded-Proto: https"], .https),
      (["X-Forwarded-Proto: \", https"], .https),
      (["X-Forwarded-Proto: on"], nil), (["X-Forwarded-Proto: https:"], nil), (["X-Forwarded-Proto:"], nil),
    ] as [([String], ForwardedRequest.Scheme?)]
  )
  func scheme(_ lines: [String], _ scheme: ForwardedRequest.Scheme?) throws {
    #expect(try Self.read(lines).scheme == scheme)
  }

  @Test(
    "a host is taken as it is, and only if it is one",
    arguments: [
      ("shop.example", "shop.example"), ("SHOP.example:8443", "SHOP.example:8443"), ("[::1]:81", "[::1]:81"),
      ("forged.example, shop.example", "shop.example"),
      ("", nil), ("a b", nil), ("user@a", nil), ("a/b", nil), ("a:x", nil), ("a:65536", nil), ("::1", nil),
      ("\"a\"", nil), ("a\\b", nil), ("a<b", nil),
    ] as [(String, String?)]
  )
  func host(_ value: String, _ host: String?) throws {
    #expect(try Self.text(Self.read(["X-Forwarded-Host: \(value)"]).host) == host)
  }

  @Test(
    "a prefix is a path without a slash at its end, and never the way to another host",
    arguments: [
      ("/shop", "/shop"), ("/shop/", "/shop"), ("/a/b-c.d~e//", "/a/b-c.d~e"), ("/", nil), ("", nil),
      ("shop", nil),
      ("//evil.example", nil), ("/\\evil.example", nil), ("/a\\b", nil), ("/a?b", nil), ("/a#b", nil),
      ("/a b", nil),
      ("/<a>", nil), ("/\"a", nil), ("/caf\u{e9}", nil), ("http://evil.example", nil),
      // SCRIPT_NAME is decoded, and what may not be there may not come in disguise.
      ("/caf%C3%A9", "/caf\u{c3}\u{a9}"), ("/my%20shop/%61", "/my shop/a"), ("/%ff", "/\u{ff}"),
      ("/a%2Fb%2F", "/a/b"),
      ("/50%2525", "/50%25"), ("/a..b/...", "/a..b/..."), ("/%73hop/", "/shop"),
      ("/%2Fevil.example", nil), ("%2F%2Fevil.example", nil), ("/%5Cevil.example", nil), ("/a%5cb", nil),
      ("/a%00", nil),
      ("/a%0D%0Ab", nil), ("/a%7F", nil), ("/a%3Fb", nil), ("/a%23b", nil), ("/%3Ca%3E", nil), ("/%22a", nil),
      ("/..", nil), ("/a/../b", nil), ("/a/%2e%2E/b", nil), ("/%2e%2e%2fa", nil), ("/./a", nil),
      ("/a/.", nil),
      ("/a%", nil), ("/a%2", nil), ("/a%zz", nil),
    ] as [(String, String?)]
  )
  func prefix(_ value: String, _ prefix: String?) throws {
    #expect(try Self.text(Self.read(["X-Forwarded-Prefix: \(value)"]).prefix) == prefix)
  }

  @Test(
    "Forwarded says the same, hop by hop",
    arguments: [
      ("for=203.0.113.9", "203.0.113.9", nil, nil),
      ("FOR=203.0.113.9; Proto=HTTPS ;Host=shop.example", "203.0.113.9", .https, "shop.example"),
      ("for=\"[2001:db8::7]:4711\";host=\"a:81\"", "2001:db8::7", nil, "a:81"),
      ("for=203.0.113.9;proto=https;host=a, for=10.1.2.3;proto=http", "203.0.113.9", .https, "a"),
      ("for=203.0.113.9, for=10.1.2.3;proto=https", "203.0.113.9", .https, nil),
      ("for=198.51.100.1;proto=https, for=203.0.113.9;proto=http", "203.0.113.9", .http, nil),
      ("for=203.0.113.9, for=_hidden;proto=https", nil, .https, nil),
      ("by=10.0.0.1;secret=x;for=203.0.113.9", "203.0.113.9", nil, nil),
      ("proto=https", nil, .https, nil), ("proto=gopher;host=a/b", nil, nil, nil),
    ] as [(String, String?, ForwardedRequest.Scheme?, String?)]
  )
  func standard(
    _ value: String,
    _ address: String?,
    _ scheme: ForwardedRequest.Scheme?,
    _ host: String?
  ) throws {
    let forwarded = try Self.read(["Forwarded: \(value)"])
    #expect(forwarded.address?.description == address)
    #expect(forwarded.scheme == scheme)
    #expect(Self.text(forwarded.host) == host)
    #expect(forwarded.prefix == nil)
  }

  @Test(
    "a hop that is not of the grammar says nothing, and ends the way back",
    arguments: [
      "", "203.0.113.9", "for", "for=203.0.113.9;proto", "for=\"203.0.113.9",
      "for=\"203.0.113.9\"x;proto=https",
      "for=\"203.0\\.113.9\";proto=https", "for = 203.0.113.9", "=a;for=203.0.113.9",
      // No parameter may be there twice (RFC 7239, section 4).
      "for=198.51.100.1;for=203.0.113.9", "For=203.0.113.9;proto=https;FOR=203.0.113.9",
      "proto=https;proto=https",
      "host=a;for=203.0.113.9;host=a", "by=a;for=203.0.113.9;by=b",
    ]
  )
  func malformed(_ value: String) throws {
    let forwarded = try Self.read(["Forwarded: \(value)"])
    #expect(forwarded.address == nil)
    #expect(forwarded.scheme == nil)
  }

  @Test(
    "what stands to the right of a malformed hop counts",
    arguments: ["203.0.113.9", "for", "proto=https;x"]
  )
  func behindMalformed(_ value: String) throws {
    let forwarded = try Self.read([
      "Forwarded: for=203.0.113.9;proto=https", "Forwarded: \(value), for=10.1.2.3;proto=http",
    ])
    #expect(forwarded.address?.description == "10.1.2.3")
    #expect(forwarded.scheme == .http)
  }

  @Test(
    "where there is one of the four older fields, whatever it says, Forwarded is not read",
    arguments: [
      "X-Forwarded-For: junk", "X-Forwarded-Proto: http", "X-Forwarded-Host: a b", "X-Forwarded-Prefix:",
    ]
  )
  func precedence(_ line: String) throws {
    let forwarded = try Self.read(["Forwarded: for=203.0.113.9;proto=https;host=forged.example", line])
    #expect(forwarded.address == nil)
    #expect(forwarded.scheme != .https)
    #expect(forwarded.host == nil)
  }

  @Test("fields of the family that say nothing here leave Forwarded in its right")
  func others() throws {
    let forwarded = try Self.read([
      "Forwarded: for=203.0.113.9", "X-Forwarded-Port: 444", "X-Real-IP: 192.0.2.1",
    ])
    #expect(forwarded.address?.description == "203.0.113.9")
  }

  @Test("every field by which a proxy speaks is known as one, and no other")
  func family() {
    let names = [
      "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-protocol", "x-forwarded-scheme",
      "x-forwarded-ssl", "x-forwarded-host", "x-forwarded-server", "x-forwarded-port", "x-forwarded-prefix",
      "x-forwarded-by", "x-real-ip", "x-scheme", "x-script-name", "x-url-scheme", "front-end-https",
    ]
    let found = KnownField.allCases.filter(\.isForwarding).map { "\($0.canonicalName)" }
    #expect(Set(found) == Set(names))
    let read = KnownField.allCases.filter(\.isXForwarded).map { "\($0.canonicalName)" }
    #expect(Set(read) == ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix"])
  }
}
