import ContentCoding
import HTTPCore
import Testing

@Suite struct CompressionPolicyTests {
  private static let policy = CompressionPolicy(
    offers: [.init(.brotli), .init(.gzip, level: 6)],
    types: MediaTypePatterns(["text/*", "*+json", "application/json"]),
    minimumSize: 1000
  )

  private static func head(_ code: Int, _ fields: [(String, String)]) throws -> ResponseHead {
    var head = ResponseHead(status: try #require(HTTPStatus(code: code)))
    for (name, value) in fields {
      let name = Array(name.utf8)
      let value = Array(value.utf8)
      try head.fields.appendChecked(name: name.span.bytes, value: value.span.bytes)
    }
    return head
  }

  private static func accepted(_ value: String) -> AcceptedCodings {
    var head = RequestHead()
    let bytes = Array(value.utf8)
    head.fields = [
      .init(name: FieldSpan(offset: 0, count: 0), value: FieldSpan(0..<bytes.count), known: .acceptEncoding)
    ]
    return AcceptedCodings(head, bytes.span.bytes)
  }

  private static func decision(
    _ fields: [(String, String)],
    code: Int = 200,
    accept: String = "gzip",
    size: Int64? = 5000
  ) throws -> CompressionPolicy.Decision {
    policy.decide(try head(code, fields), accepted(accept), size: size)
  }

  private static let html = ("Content-Type", "text/html; charset=utf-8")
  private static let gzip = CompressionPolicy.Decision.coded(.init(.gzip, level: 6))

  @Test func `text is coded for whom accepts it, by type, size and status`() throws {
    #expect(try Self.decision([Self.html]) == Self.gzip)
    #expect(try Self.decision([Self.html], accept: "br, gzip") == .coded(.init(.brotli)))
    #expect(try Self.decision([Self.html], size: nil) == Self.gzip)
    #expect(try Self.decision([Self.html], size: 1000) == Self.gzip)
    #expect(try Self.decision([Self.html], code: 404) == Self.gzip)
    #expect(try Self.decision([Self.html], code: 500) == Self.gzip)
    #expect(try Self.decision([("Content-Type", "Application/Problem+JSON")]) == Self.gzip)
  }

  @Test func `what is too small, or not accepted, goes out as it is and varies`() throws {
    #expect(try Self.decision([Self.html], size: 999) == .identity)
    #expect(try Self.decision([Self.html], size: 0) == .identity)
    #expect(try Self.decision([Self.html], accept: "") == .identity)
    #expect(try Self.decision([Self.html], accept: "zstd") == .identity)
    #expect(try Self.decision([Self.html], accept: "gzip;q=0") == .identity)
  }

  @Test func `who refuses identity gets the smallest content coded`() throws {
    #expect(try Self.decision([Self.html], accept: "gzip, identity;q=0", size: 1) == Self.gzip)
    #expect(try Self.decision([Self.html], accept: "gzip, *;q=0", size: 1) == Self.gzip)
    #expect(try Self.decision([Self.html], accept: "identity;q=0", size: 5000) == .identity)
  }

  @Test(arguments: [
    [("Content-Type", "image/png")], [("Content-Type", "")], [], [("Content-Type", "text")],
    [("Content-Type", ";text/html")], [("Content-Type", "application/jsonp")],
    [html, ("Content-Encoding", "br")], [html, ("content-encoding", "identity")],
    [html, ("Cache-Control", "no-transform")], [html, ("Cache-Control", "private, No-Transform")],
    [html, ("Cache-Control", "private"), ("Cache-Control", "no-transform")],
    [html, ("Content-Range", "bytes 0-4/10")], [html, ("Content-MD5", "x")], [html, ("Digest", "x")],
    [html, ("Repr-Digest", "x")], [html, ("Content-Digest", "x")],
  ])
  func `what is not ours to code is left as it is`(fields: [(String, String)]) throws {
    #expect(try Self.decision(fields) == .untouched)
  }

  @Test func `neither a part nor an empty status is coded`() throws {
    #expect(try Self.decision([Self.html], code: 206) == .untouched)
    #expect(try Self.decision([Self.html], code: 204) == .untouched)
  }

  @Test func `a 304 is described like the 200 in whose place it stands`() throws {
    #expect(try Self.decision([], code: 304, size: nil) == Self.gzip)
    #expect(try Self.decision([], code: 304, accept: "", size: nil) == .identity)
    #expect(try Self.decision([("Content-Type", "image/png")], code: 304) == .untouched)
    #expect(try Self.decision([("Cache-Control", "no-transform")], code: 304) == .untouched)
  }

  @Test func `the head of a coded response says so, and nothing that is no longer true`() throws {
    var head = try Self.head(
      200,
      [
        Self.html, ("ETag", "\"abc\""), ("Accept-Ranges", "bytes"), ("Content-Length", "5000"), ("X-A", "1"),
        ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
      ]
    )
    head.apply(.brotli)
    #expect(head.fields.contentLength == nil)
    #expect(
      String(decoding: head.fields.bytes, as: UTF8.self) == """
        Content-Type: text/html; charset=utf-8\r\nETag: W/"abc"\r\nX-A: 1\r\nSet-Cookie: a=1\r\n\
        Set-Cookie: b=2\r\nVary: Accept-Encoding\r\nContent-Encoding: br\r\n
        """
    )
    #expect(head.fields.hasContentEncoding && head.fields.hasContentType)
  }

  @Test func `a 304 has the weak tag and no coding`() throws {
    var head = try Self.head(304, [("ETag", "\"abc\"")])
    head.apply(.gzip)
    #expect(
      String(decoding: head.fields.bytes, as: UTF8.self) == "ETag: W/\"abc\"\r\nVary: Accept-Encoding\r\n"
    )
  }

  @Test func `identity keeps its tag and length, and varies`() throws {
    var head = try Self.head(200, [("ETag", "\"abc\""), ("Content-Length", "5"), ("Accept-Ranges", "bytes")])
    head.varyByEncoding()
    #expect(head.fields.contentLength == 5)
    #expect(
      String(decoding: head.fields.bytes, as: UTF8.self)
        == "ETag: \"abc\"\r\nAccept-Ranges: bytes\r\nVary: Accept-Encoding\r\n"
    )
  }

  @Test(arguments: [
    (["Cookie"], ["Cookie, Accept-Encoding"]), (["*"], ["*"]), (["Accept-Encoding"], ["Accept-Encoding"]),
    (["cookie, accept-encoding"], ["cookie, accept-encoding"]), ([], ["Accept-Encoding"]),
    (["Cookie", "Accept"], ["Cookie, Accept-Encoding", "Accept"]),
    (["X-Accept-Encoding"], ["X-Accept-Encoding, Accept-Encoding"]),
  ])
  func `Vary is merged`(before: [String], after: [String]) throws {
    var head = try Self.head(200, before.map { ("Vary", $0) })
    head.varyByEncoding()
    let lines = after.map { "Vary: \($0)\r\n" }.joined()
    #expect(String(decoding: head.fields.bytes, as: UTF8.self) == lines)
  }

  @Test(arguments: ["W/\"abc\"", "abc", ""])
  func `a tag that is weak already, or none, stays`(tag: String) throws {
    var head = try Self.head(200, [("ETag", tag)])
    head.apply(.gzip)
    #expect(String(decoding: head.fields.bytes, as: UTF8.self).hasPrefix("ETag: \(tag)\r\n"))
  }
}
