import HTTPCore
import NIOCore
import Testing

@testable import HTTPServer

@Suite("Body reader")
struct BodyReaderTests {
  /// All data that comes out, and the last event.
  private func read(_ framing: BodyFraming, _ pieces: [String]) throws -> (String, last: String, left: String)
  {
    var reader = try #require(BodyReader(framing, limits: HTTPLimits()))
    var input = ByteBuffer()
    var content = ""
    for piece in pieces {
      input.writeString(piece)
      loop: while true {
        switch reader.next(from: &input) {
        case .data(let data): content += String(buffer: data)
        case .needMore: break loop
        case .end: return (content, "end", String(buffer: input))
        case .rejected(let rejection): return (content, "rejected \(rejection.status.code)", "")
        }
      }
    }
    return (content, "needMore", String(buffer: input))
  }

  @Test func thereIsNoReaderWhereThereIsNoBody() {
    #expect((BodyReader(.none, limits: HTTPLimits()) as Any?) == nil)
    #expect((BodyReader(.length(0), limits: HTTPLimits()) as Any?) == nil)
  }

  @Test func aLengthTakesExactlySoManyBytes() throws {
    let result = try read(.length(5), ["he", "lloGET /"])
    #expect(result == ("hello", "end", "GET /"))
  }

  @Test func aShortBodyWantsMore() throws {
    #expect(try read(.length(5), ["hell"]) == ("hell", "needMore", ""))
  }

  @Test func chunksLoseTheirFraming() throws {
    let result = try read(.chunked, ["2\r\nhe\r", "\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\nGET"])
    #expect(result == ("hello", "end", "GET"))
  }

  @Test func malformedChunksAreRejected() throws {
    #expect(try read(.chunked, ["2\nhe"]).last == "rejected 400")
  }
}
