import HTTPCore
import Testing

@Suite("RequestHeadParser as a resumable value")
struct RequestHeadParserTests {
  private static let first = Array("GET /one HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n".utf8)
  private static let second = Array("PUT /two?q HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc".utf8)

  @Test("pipelined heads are parsed one after the other, each from its own first byte")
  func pipelining() {
    let both = Self.first + Self.second
    var parser = RequestHeadParser(limits: HTTPLimits())
    #expect(parser.parse(both.span.bytes) == .complete(headLength: Self.first.count))
    let head = parser.takeHead()
    #expect(head.targetSpan.string(in: both.span.bytes) == "/one")
    #expect(parser.isEmpty && parser.head.fields.isEmpty)

    let rest = Array(both[Self.first.count...])
    #expect(parser.parse(rest.span.bytes) == .complete(headLength: Self.second.count - 3))
    #expect(parser.head.targetSpan.string(in: rest.span.bytes) == "/two?q")
    #expect(parser.head.framing == .length(3))
    #expect(!parser.head.isPersistent)
  }

  @Test("a finished head stays finished until it is taken or reset")
  func completeIsStable() {
    var parser = RequestHeadParser(limits: HTTPLimits())
    let expected = RequestHeadParser.Outcome.complete(headLength: Self.first.count)
    #expect(parser.parse(Self.first.span.bytes) == expected)
    #expect(parser.parse((Self.first + Self.second).span.bytes) == expected)
    #expect(parser.head.fields.count == 2)
    parser.reset()
    #expect(parser.isEmpty)
    #expect(parser.parse(Self.first.span.bytes) == expected)
  }

  @Test("after a rejection nothing is parsed (waitress CVE-2024-49768)")
  func rejectionIsFinal() {
    var parser = RequestHeadParser(limits: HTTPLimits())
    let bad = Array("GET / HTTP/1.1\r\nBad Name: 1\r\n\r\n".utf8)
    let verdict = parser.parse(bad.span.bytes)
    #expect(verdict == .rejected(HTTPRejection(.badRequest, "invalid header field name")))
    #expect(parser.parse((bad + Self.first).span.bytes) == verdict)
    #expect(parser.parse(Self.first.span.bytes) == verdict)
    #expect(!parser.isEmpty)
  }

  @Test("a connection is idle while only empty lines have come")
  func idle() {
    var parser = RequestHeadParser(limits: HTTPLimits())
    #expect(parser.isEmpty)
    let input = Array("\r\n\r\nG".utf8)
    for count in 0..<input.count {
      #expect(parser.parse(input.span.bytes.extracting(0..<count)) == .needMore)
      #expect(parser.isEmpty)
    }
    #expect(parser.parse(input.span.bytes) == .needMore)
    #expect(!parser.isEmpty)
  }
}
