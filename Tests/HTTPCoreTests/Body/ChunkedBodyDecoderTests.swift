import HTTPCore
import Testing

@Suite("Chunked transfer coding (RFC 9112 7.1)")
struct ChunkedBodyDecoderTests {
  @Test(
    "content comes out and the rest is left for the next request",
    arguments: [
      ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
      ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
      ("A\r\n0123456789\r\n00\r\n\r\n", "0123456789"),
      ("9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n\r\n"),
      ("0000000000000001\r\nx\r\n0000000000000000\r\n\r\n", "x"),
      ("1;a\r\nx\r\n0;b=c;d=\"e;\\\"\t f\"\r\n\r\n", "x"), ("1;a=b\r\nx\r\n0\r\n\r\n", "x"),
      ("1 ;a\r\nx\r\n0\t; b \t= c ;d\r\n\r\n", "x"), ("1;a = \"b\" ;c\r\nx\r\n0\r\n\r\n", "x"),
      ("1\r\nx\r\n0\r\nA: b\r\nC:\r\nD: \u{e9}\t\r\n\r\n", "x"),
    ]
  )
  func accepted(_ text: String, _ content: String) {
    let input = [UInt8](latin1: text)
    let verdict = ChunkReplay.verdict(input + Array("GET /next".utf8))
    #expect(verdict == .complete([UInt8](latin1: content), length: input.count))
    for count in input.indices { #expect(ChunkReplay.verdict(Array(input[..<count])).isIncomplete) }
  }

  @Test(
    "anything else is 400, and no content is given out for a chunk whose size line is bad",
    arguments: [
      "\r\n", "\n", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "1\t\r\n", "1_0\r\n", "1\nx",
      "1\rx",
      "1\r\r\n", "1,\r\n", "1;\r\n", "1; \r\n", "1;a=\r\n", "1;a= \r\n", "1;a \r\n", "1;a=b \r\n",
      "1;a=\"b\" \r\n", "1;a b\r\n", "1 a\r\n",
      "1;=b\r\n", "1;a;;b\r\n",
      "1;a\n", "1;a=\"\r\n", "1;a=\"b\nc\"\r\n", "1;a=\"b\rc\"\r\n", "1;a=\"\\\r\n\"\r\n", "1;a=\"\\\n\"",
      "1;a=\"b\"c\r\n",
      "1;a\0\r\n", "1;a=\"\0\"\r\n", "1;a=b=c\r\n", "1;\u{e9}\r\n", "1\0\r\n", "\u{b}1\r\n",
      "10000000000000000\r\n", "00000000000000001\r\n", "8000000000000000\r\n", "FFFFFFFFFFFFFFFF\r\n",
      "fffffffffffffffffffffffffffffffff\r\n",
    ]
  )
  func badSizeLine(_ text: String) {
    let verdict = ChunkReplay.verdict([UInt8](latin1: text) + Array("xxxxx".utf8))
    #expect(verdict.status == 400)
    #expect(verdict.content.isEmpty)
  }

  @Test(
    "chunk data ends with CRLF, a trailer is a field line, the end is CRLF: else 400",
    arguments: [
      "1\r\nxx\r\n0\r\n\r\n", "1\r\nx\n0\r\n\r\n", "1\r\nx\r0\r\n\r\n", "1\r\nx0\r\n\r\n", "1\r\nx\r\n\r\n",
      "0\r\n\n", "0\r\n\r\r",
      "0\r\nA\r\n\r\n", "0\r\n: b\r\n\r\n", "0\r\nA : b\r\n\r\n", "0\r\n A: b\r\n\r\n", "0\r\nA: b\n\r\n",
      "0\r\nA: b\rC: d\r\n\r\n",
      "0\r\nA: b\r\n c\r\n\r\n", "0\r\nA: \0\r\n\r\n", "0\r\nA: \u{7f}\r\n\r\n",
      "0\r\nA: b\r\nGET / HTTP/1.1\r\n\r\n",
    ]
  )
  func badEnds(_ text: String) {
    #expect(ChunkReplay.verdict([UInt8](latin1: text)).status == 400)
  }

  @Test("a body above the limit is 413 before the chunk that exceeds it, also where sizes would overflow")
  func bodyLimit() {
    var limits = HTTPLimits()
    limits.bodySize = 5
    let fits = Array("2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n".utf8)
    #expect(ChunkReplay.verdict(fits, limits: limits) == .complete(Array("abcde".utf8), length: fits.count))
    let exceeds = ChunkReplay.verdict(Array("2\r\nab\r\n4\r\ncdef\r\n0\r\n\r\n".utf8), limits: limits)
    #expect(exceeds.status == 413)
    #expect(exceeds.content == Array("ab".utf8))
    #expect(ChunkReplay.verdict(Array("7fffffffffffffff\r\nx".utf8), limits: limits).status == 413)
    limits.bodySize = .max
    let overflow = ChunkReplay.verdict(Array("1\r\na\r\n7fffffffffffffff\r\nx".utf8), limits: limits)
    #expect(overflow.status == 413)
    #expect(
      ChunkReplay.verdict(Array("7fffffffffffffff\r\nx".utf8), limits: limits).content == Array("x".utf8)
    )
  }

  @Test("extensions, in one line or in several, and trailers have exact bounds")
  func extensionAndTrailerLimits() {
    var limits = HTTPLimits()
    limits.chunkExtensions = 6
    limits.trailerSize = 6
    func status(_ text: String) -> UInt16? { ChunkReplay.verdict(Array(text.utf8), limits: limits).status }
    #expect(status("1;ab\r\nx\r\n1;ab\r\nx\r\n0\r\n\r\n") == nil)
    #expect(status("1;ab\r\nx\r\n1;ab\r\nx\r\n0;") == 400)
    #expect(status("0000000000000001;abcde\r\nx\r\n") == nil)
    #expect(status("1;abcdef") == 400)
    #expect(status("1; abcde") == 400)
    #expect(status("1;a=\"bc") == nil)
    #expect(status("1;a=\"bcd") == 400)
    #expect(status("0\r\nA: b\r\n\r\n") == nil)
    #expect(status("0\r\nA: bc\r\n\r\n") == 431)
    #expect(status("0\r\nA:\r\nB:\r\n\r\n") == 431)
  }

  @Test("after the end nothing is consumed, after a rejection nothing is decoded")
  func terminalStates() {
    var decoder = ChunkedBodyDecoder(limits: HTTPLimits())
    #expect(decoder.decode(Array("0\r\n\r\nx".utf8).span.bytes) == .end(consumed: 5))
    #expect(decoder.decode(Array("5\r\n".utf8).span.bytes) == .end(consumed: 0))
    decoder = ChunkedBodyDecoder(limits: HTTPLimits())
    let rejection = decoder.decode(Array("z".utf8).span.bytes)
    #expect(rejection == .rejected(HTTPRejection(.badRequest, "invalid chunk size")))
    #expect(decoder.decode(Array("0\r\n\r\n".utf8).span.bytes) == rejection)
  }

  @Test("content is pointed at, not copied, with the ranges of what was passed in")
  func ranges() {
    var decoder = ChunkedBodyDecoder(limits: HTTPLimits())
    #expect(decoder.decode(Array("5\r\nhel".utf8).span.bytes) == .data(3..<6, consumed: 6))
    #expect(decoder.decode(Array("lo\r\n0".utf8).span.bytes) == .data(0..<2, consumed: 2))
    #expect(decoder.decode(Array("\r\n0".utf8).span.bytes) == .needMore(consumed: 3))
    #expect(decoder.decode([UInt8]().span.bytes) == .needMore(consumed: 0))
    #expect(decoder.decode(Array("\r\n\r\n".utf8).span.bytes) == .end(consumed: 4))
    #expect(decoder.total == 5)
  }
}
