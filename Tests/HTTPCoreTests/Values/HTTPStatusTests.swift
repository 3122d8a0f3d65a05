import HTTPCore
import Testing

@Suite("Status codes (RFC 9110 15)")
struct HTTPStatusTests {
  @Test("only three-digit codes exist")
  func range() {
    for code in [Int.min, -1, 0, 99, 1000, .max] { #expect(HTTPStatus(code: code) == nil) }
    for code in [100, 299, 599, 999] { #expect(HTTPStatus(code: code).map { Int($0.code) } == code) }
  }

  @Test("1xx, 204 and 304 have no content")
  func content() {
    for status in [HTTPStatus.continue, .switchingProtocols, .noContent, .notModified] {
      #expect(!status.allowsBody)
    }
    for status in [HTTPStatus.ok, .found, .notFound, .internalServerError] { #expect(status.allowsBody) }
  }

  @Test("registered codes have a phrase, others an empty one")
  func phrases() {
    #expect(HTTPStatus.headerFieldsTooLarge.description == "431 Request Header Fields Too Large")
    #expect(HTTPStatus(code: 299)?.description == "299")
  }
}
