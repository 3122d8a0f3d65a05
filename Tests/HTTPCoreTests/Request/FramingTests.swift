import HTTPCore
import Testing

@Suite("Body framing of requests (RFC 9112 6)")
struct FramingTests {
  @Test("no body, a length and chunked are told apart")
  func framings() throws {
    #expect(try ParsedHead("POST / HTTP/1.1\r\nHost: a\r\n\r\n").head.framing == .none)
    #expect(try ParsedHead(.field("Content-Length: 0")).head.framing == .length(0))
    #expect(try ParsedHead(.field("content-length:\t0042 ")).head.framing == .length(42))
    #expect(try ParsedHead(.field("Transfer-Encoding: chunked")).head.framing == .chunked)
    #expect(try ParsedHead(.field("transfer-encoding:  CHUNKED ")).head.framing == .chunked)
    #expect(try ParsedHead("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n").head.framing == .length(5))
  }

  @Test(
    "a Content-Length that is not digits only is 400 (waitress CVE-2022-24761, hyper CVE-2021-32715)",
    arguments: [
      "", "+10", "-10", "0x10", "1_0", "10,10", "10, 10", "10;", "1 0", "1\t0", "1.0", "1e1", "ten", "\u{b2}",
      "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "10\u{b}", "\u{a0}10",
      "\"10\"", ",10", "10,",
    ]
  )
  func invalidLength(_ value: String) {
    #expect(HeadReplay.verdict(Wire.field("Content-Length: \(value)").text).status == 400)
  }

  @Test(
    "a second Content-Length is 400, also an equal one",
    arguments: ["Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nCONTENT-LENGTH: 6"]
  )
  func twoLengths(_ lines: String) {
    #expect(HeadReplay.verdict(Wire.field(lines).text).status == 400)
  }

  @Test("a body above the limit is 413, and the largest number does not trap")
  func bodyLimit() throws {
    var limits = HTTPLimits()
    limits.bodySize = 10
    #expect(try ParsedHead(.field("Content-Length: 10"), limits: limits).head.framing == .length(10))
    for length in ["11", "9223372036854775807"] {
      #expect(HeadReplay.verdict(Wire.field("Content-Length: \(length)").text, limits: limits).status == 413)
    }
    limits.bodySize = .max
    let parsed = try ParsedHead(.field("Content-Length: 9223372036854775807"), limits: limits)
    #expect(parsed.head.framing == .length(.max))
  }

  @Test(
    "a Transfer-Encoding that is not one `chunked` is 400 (gunicorn CVE-2024-1135, waitress CVE-2019-16789)",
    arguments: [
      "", "chunked,", ",chunked", "chunked, chunked", "chunked, identity", "identity", "identity, chunked",
      "chunked;q=1", "chunked ; a=b", "xchunked", "chunkedx", "chunk", "\"chunked\"", "chunked, gzip", "br",
      "\u{b}chunked", "chunked\u{b}", "\u{c}chunked", "\u{a0}chunked", "chunked\0", "gzip, chunked, chunked",
      "gzip, identity", "gzip;q=1", "trailers",
    ]
  )
  func invalidEncoding(_ value: String) {
    #expect(HeadReplay.verdict(Wire.field("Transfer-Encoding: \(value)").text).status == 400)
  }

  @Test(
    "a compression coding is refused like any other: 400",
    arguments: ["gzip", "GZIP", "deflate", "compress", "x-gzip", "gzip, chunked", "gzip,Chunked"]
  )
  func compression(_ value: String) {
    #expect(HeadReplay.verdict(Wire.field("Transfer-Encoding: \(value)").text).status == 400)
  }

  @Test(
    "Transfer-Encoding twice, with Content-Length, or in HTTP/1.0 is 400 (gunicorn CVE-2024-6827)",
    arguments: [
      .field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
      .field("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
      .field("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
      .field("Transfer-Encoding: chunked\r\nContent-Length: 5"),
      .field("Content-Length: 5\r\nTransfer-Encoding: chunked"),
      .field("Content-Length: 0\r\nTransfer-Encoding: chunked"),
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
    ] as [Wire]
  )
  func conflicting(_ wire: Wire) {
    #expect(HeadReplay.verdict(wire.text).status == 400)
  }

  @Test("100-continue counts in HTTP/1.1 with a body; any other expectation is 417 (RFC 9110 10.1.1)")
  func expectations() throws {
    #expect(try ParsedHead(.field("Expect: 100-Continue\r\nContent-Length: 5")).head.expectsContinue)
    #expect(try ParsedHead(.field("Expect: 100-continue\r\nTransfer-Encoding: chunked")).head.expectsContinue)
    #expect(try !ParsedHead(.field("Expect: 100-continue\r\nContent-Length: 0")).head.expectsContinue)
    #expect(try !ParsedHead(.field("Expect: 100-continue")).head.expectsContinue)
    let old = try ParsedHead("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    #expect(!old.head.expectsContinue)
    for other in ["", "100", "200-ok", "100-continue, x", "100-continue\r\nExpect: y"] {
      #expect(HeadReplay.verdict(Wire.field("Expect: \(other)").text).status == 417)
    }
  }

  @Test("HTTP/1.1 persists unless told to close, HTTP/1.0 only if asked to (RFC 9112 9.3)")
  func persistence() throws {
    func persists(_ version: String, _ connection: String?) throws -> Bool {
      let line = connection.map { "Connection: \($0)\r\n" } ?? ""
      return try ParsedHead(Wire("GET / HTTP/\(version)\r\nHost: a\r\n\(line)\r\n")).head.isPersistent
    }
    for connection in [nil, "keep-alive", "", ",", "upgrade", "closed", "x-close"] {
      #expect(try persists("1.1", connection), "\(connection ?? "-")")
    }
    for connection in [
      "close", "Close", "keep-alive, CLOSE", ",close,", "upgrade ,\tclose", "close, keep-alive",
    ] {
      #expect(try !persists("1.1", connection), "\(connection)")
      #expect(try !persists("1.0", connection), "\(connection)")
    }
    #expect(try persists("1.0", "Keep-Alive"))
    #expect(try persists("1.0", "te, keep-alive"))
    #expect(try !persists("1.0", nil))
    #expect(try !persists("1.1", "keep-alive\r\nConnection: close"))
  }
}
