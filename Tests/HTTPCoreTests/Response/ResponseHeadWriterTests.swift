import HTTPCore
import Testing

@Suite("Writing response heads (RFC 9112 4)")
struct ResponseHeadWriterTests {
  private static func write(
    _ status: HTTPStatus = .ok,
    fields: (inout HeaderBlock) -> Void = { _ in },
    framing: ResponseFraming = .length(2),
    keepAlive: Bool = true,
    version: HTTPVersion = .http11,
    writer: ResponseHeadWriter = ResponseHeadWriter(server: nil)
  ) -> String {
    var head = ResponseHead(status: status)
    head.fields.append(name: "Date", value: "now")
    fields(&head.fields)
    return write(head, framing: framing, keepAlive: keepAlive, version: version, writer: writer)
  }

  private static func write(
    _ head: ResponseHead,
    framing: ResponseFraming = .length(2),
    keepAlive: Bool = true,
    version: HTTPVersion = .http11,
    writer: ResponseHeadWriter = ResponseHeadWriter(server: nil)
  ) -> String {
    var sink: [UInt8] = []
    writer.write(
      head: head,
      framing: framing,
      keepAlive: keepAlive,
      requestVersion: version,
      date: HTTPDateCache(secondsSinceEpoch: 0),
      into: &sink
    )
    return sink.latin1
  }

  @Test("a whole head: status line, Date, Server, fields, framing, and an empty line")
  func whole() {
    var head = ResponseHead(status: .notFound)
    head.fields.append(name: "Content-Type", value: "text/plain")
    #expect(
      Self.write(head, writer: ResponseHeadWriter()) == """
        HTTP/1.1 404 Not Found\r
        Date: Thu, 01 Jan 1970 00:00:00 GMT\r
        Server: martlet\r
        Content-Type: text/plain\r
        Content-Length: 2\r
        \r

        """
    )
  }

  @Test("Date and Server of the application replace the server's own")
  func replaced() {
    let text = Self.write(fields: { $0.append(name: "SERVER", value: "mine") }, writer: ResponseHeadWriter())
    #expect(text == "HTTP/1.1 200 OK\r\nDate: now\r\nSERVER: mine\r\nContent-Length: 2\r\n\r\n")
  }

  @Test("each framing has its field, and never two")
  func framings() {
    let declare: (inout HeaderBlock) -> Void = { $0.setContentLength(9) }
    let start = "HTTP/1.1 200 OK\r\nDate: now\r\n"
    #expect(Self.write(framing: .length(0)) == start + "Content-Length: 0\r\n\r\n")
    #expect(Self.write(fields: declare, framing: .length(9)) == start + "Content-Length: 9\r\n\r\n")
    #expect(Self.write(framing: .chunked) == start + "Transfer-Encoding: chunked\r\n\r\n")
    #expect(Self.write(fields: declare, framing: .chunked) == start + "Transfer-Encoding: chunked\r\n\r\n")
    #expect(Self.write(fields: declare, framing: .none) == start + "Content-Length: 9\r\n\r\n")
    #expect(Self.write(framing: .none) == start + "\r\n")
    #expect(Self.write(framing: .untilClose) == start + "Connection: close\r\n\r\n")
  }

  @Test("304 may declare a length, 1xx and 204 may not (RFC 9110 8.6)")
  func noContent() {
    let declare: (inout HeaderBlock) -> Void = { $0.setContentLength(9) }
    #expect(Self.write(.notModified, fields: declare, framing: .none).contains("Content-Length: 9"))
    #expect(!Self.write(.noContent, fields: declare, framing: .none).contains("Content-Length"))
    #expect(!Self.write(.earlyHints, fields: declare, framing: .none).contains("Content-Length"))
  }

  @Test("each version is told what is not its default (RFC 9112 9.3)")
  func connection() {
    func connection(_ version: HTTPVersion, _ keepAlive: Bool, _ framing: ResponseFraming = .length(2))
      -> String?
    {
      let lines = Self.write(framing: framing, keepAlive: keepAlive, version: version).split(
        separator: "\r\n"
      )
      return lines.first { $0.hasPrefix("Connection: ") }.map { String($0.dropFirst(12)) }
    }
    #expect(connection(.http11, true) == nil)
    #expect(connection(.http11, false) == "close")
    #expect(connection(.http10, true) == "keep-alive")
    #expect(connection(.http10, false) == "close")
    #expect(connection(.http10, true, .untilClose) == "close")
    #expect(connection(.http11, true, .untilClose) == "close")
  }

  @Test("interim responses carry nothing but their own fields")
  func interim() {
    var head = ResponseHead(status: .switchingProtocols)
    head.fields.append(name: "Upgrade", value: "x")
    head.fields.append(name: "Connection", value: "upgrade")
    #expect(
      Self.write(head, framing: .none, keepAlive: false, writer: ResponseHeadWriter())
        == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
    )
    var sink: [UInt8] = []
    ResponseHeadWriter.writeContinue(into: &sink)
    #expect(sink.latin1 == "HTTP/1.1 100 Continue\r\n\r\n")
  }

  @Test("a reason phrase of the application's is written, if it is text")
  func reasons() throws {
    var head = ResponseHead(status: .ok)
    head.fields.append(name: "Date", value: "now")
    try head.setReason(checked: Array("Fine by me".utf8).span.bytes)
    #expect(Self.write(head).hasPrefix("HTTP/1.1 200 Fine by me\r\n"))
    for bad in ["a\r\nX: y", "a\n", "\0"] {
      #expect(throws: HeaderFault.invalidValue) { try head.setReason(checked: Array(bad.utf8).span.bytes) }
    }
    #expect(Self.write(head).hasPrefix("HTTP/1.1 200 Fine by me\r\n"))
    let odd = try #require(HTTPStatus(code: 299))
    #expect(Self.write(odd).hasPrefix("HTTP/1.1 299 \r\n"))
  }
}
