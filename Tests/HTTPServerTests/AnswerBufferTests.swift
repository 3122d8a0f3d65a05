import HTTPCore
import NIOCore
import Testing

@testable import HTTPServer

@Suite struct AnswerBufferTests {
  private let writer = ResponseHeadWriter(server: nil)

  /// A buffer in its first round, for as long as `body` runs.
  private func withBuffer(_ body: (inout AnswerBuffer) throws -> Void) rethrows {
    var buffer = AnswerBuffer(writer)
    defer { buffer.deallocate() }
    buffer.beginRound(.next(), secondsSinceEpoch: 0)
    try body(&buffer)
  }

  private func text(after sent: Int = 0, _ buffer: inout AnswerBuffer) -> String {
    buffer.takeRemainder(after: sent).map { String(buffer: $0) }.joined()
  }

  private static let date = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"

  private func prepared(_ count: Int) -> PreparedResponse {
    var fields = HeaderBlock()
    fields.append(name: "ETag", value: "\"a\"" as StaticString)
    return PreparedResponse(fields, ByteBuffer(repeating: 0x61, count: count), writer)
  }

  @Test(arguments: [0, 1, 5000, 20_000, 300_000])
  func `a prepared response is whole, whatever its size`(count: Int) {
    withBuffer { buffer in
      buffer.append(prepared(count))
      #expect(buffer.isWhole)
      #expect(
        text(&buffer)
          == "HTTP/1.1 200 OK\r\n\(Self.date)ETag: \"a\"\r\nContent-Length: \(count)\r\n\r\n"
          + String(repeating: "a", count: count)
      )
    }
  }

  @Test(arguments: [0, 5000, 20_000])
  func `a long head comes before its content`(count: Int) {
    withBuffer { buffer in
      var fields = HeaderBlock()
      fields.append(name: "X-Long", value: String(repeating: "x", count: 6000))
      buffer.append(PreparedResponse(fields, ByteBuffer(repeating: 0x61, count: count), writer))
      #expect(
        text(&buffer)
          == "HTTP/1.1 200 OK\r\n\(Self.date)X-Long: \(String(repeating: "x", count: 6000))\r\n"
          + "Content-Length: \(count)\r\n\r\n" + String(repeating: "a", count: count)
      )
    }
  }

  @Test func `the date is that of the round`() {
    withBuffer { buffer in
      buffer.beginRound(.next(), secondsSinceEpoch: 1)
      buffer.append(prepared(0))
      #expect(text(&buffer).contains("Date: Thu, 01 Jan 1970 00:00:01 GMT\r\n"))
    }
  }

  @Test func `a head is put together with or without content`() {
    withBuffer { buffer in
      var fields = HeaderBlock()
      fields.append(name: "ETag", value: "\"a\"" as StaticString)
      buffer.beginHead(.notModified, fields)
      buffer.endHead()
      #expect(text(&buffer) == "HTTP/1.1 304 Not Modified\r\n\(Self.date)ETag: \"a\"\r\n\r\n")
      buffer.reset()
      buffer.beginHead(.partialContent, fields)
      buffer.endHead(content: ByteBuffer(string: "bc"))
      #expect(
        text(&buffer)
          == "HTTP/1.1 206 Partial Content\r\n\(Self.date)ETag: \"a\"\r\nContent-Length: 2\r\n\r\nbc"
      )
    }
  }

  @Test(arguments: [10, 20_000])
  func `what is left behind any number of bytes is the rest`(count: Int) {
    withBuffer { buffer in
      buffer.append(prepared(count))
      let whole = text(&buffer)
      for sent in [1, 17, whole.utf8.count - count - 1, whole.utf8.count - count, whole.utf8.count - 1] {
        buffer.reset()
        buffer.append(prepared(count))
        #expect(text(after: sent, &buffer) == String(decoding: whole.utf8.dropFirst(sent), as: UTF8.self))
      }
      buffer.reset()
      buffer.append(prepared(count))
      #expect(buffer.takeRemainder(after: whole.utf8.count) == [])
    }
  }

  @Test func `a head without room is no answer, and the next one is`() {
    withBuffer { buffer in
      var fields = HeaderBlock()
      for _ in 0..<200 { fields.append(name: "X-Long", value: String(repeating: "x", count: 100)) }
      buffer.beginHead(.notModified, fields)
      buffer.endHead()
      #expect(!buffer.isWhole)
      buffer.reset()
      buffer.append(prepared(1))
      #expect(buffer.isWhole)
    }
  }

  @Test func `no two rounds are the same`() {
    #expect(AnswerRound.next().number != AnswerRound.next().number)
  }
}
