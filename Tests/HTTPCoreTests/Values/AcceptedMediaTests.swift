import HTTPCore
import Testing

@Suite("Who prefers JSON (RFC 9110 12.5.1)")
struct AcceptedMediaTests {
  private static func prefersJSON(_ values: [String]) throws -> Bool {
    let fields = values.map { "Accept: \($0)\r\n" }.joined()
    let parsed = try ParsedHead(Wire("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"))
    let bytes = parsed.bytes
    return AcceptedMedia.prefersJSON(parsed.head, bytes.span.bytes)
  }

  @Test(
    "who asks for it, and for no text before or above it",
    arguments: [
      "application/json", "APPLICATION/Json", "application/json; charset=utf-8", "application/problem+json",
      "application/vnd.api+json;q=0.1", "application/json, */*", "*/*, application/json",
      "application/json, text/plain, */*", "application/json, text/html", "image/png, application/json;q=0.5",
      "text/html;q=0.9, application/json", "application/json;q=0.9, text/html;q=0.8",
      "application/json;q=0.801,text/html;q=0.8", "application/json ; q=0.2 , text/html ; q=0.1",
      "text/html;level=1;q=0.1, application/json;q=0.2", "text/html;q=0, application/json;q=0.001",
      "application/json;q=0.1, application/problem+json, text/html;q=0.5", "application/json;q=1.000",
      "application/json;q=1.", ",,application/json,,",
    ]
  )
  func accepted(_ value: String) throws {
    #expect(try Self.prefersJSON([value]))
  }

  @Test(
    "nobody else",
    arguments: [
      "", "*/*", "application/*", "text/html", "text/plain", "application/xml", "application/jsonp", "json",
      "+json",
      "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html, application/json",
      "text/plain, application/json", "text/*, application/json", "application/xhtml+xml, application/json",
      "text/html;q=0.9, application/json;q=0.8", "application/json;q=0.8, text/html;q=0.9",
      "application/json;Q=0.1, text/html", "application/json;q=0", "application/json;q=0.000",
      // A weight that is none weighs nothing.
      "application/json;q=", "application/json;q=2", "application/json;q=-1", "application/json;q=high",
      "application/json;q=1.001", "application/json;q=0.1234", "application/json;q=01",
      "application/json;q=0,5",
      "\"application/json\"", "application /json", ",,;;,q=1", ";", ";q", "=",
    ]
  )
  func notAccepted(_ value: String) throws {
    #expect(try !Self.prefersJSON([value]))
  }

  @Test("several fields are one list, and none says nothing")
  func lines() throws {
    #expect(try !Self.prefersJSON([]))
    #expect(try Self.prefersJSON(["image/png", "application/json"]))
    #expect(try Self.prefersJSON(["text/html;q=0.5", "application/json;q=0.6"]))
    #expect(try !Self.prefersJSON(["text/html", "application/json"]))
    #expect(try Self.prefersJSON(["application/json", "text/html"]))
  }
}
