import Testing

@testable import Observability

@Suite struct AccessLogLineTests {
  @Test(arguments: [
    ("plain", "plain"),
    ("a\"b", "a\\x22b"),
    ("a\\b", "a\\x5Cb"),
    ("a\nb\u{1B}[31m", "a\\x0Ab\\x1B[31m"),
    ("é", "\\xC3\\xA9"),
  ])
  func whatAClientSendsCannotLeaveItsField(input: String, expected: String) {
    var line = AccessLogLine()
    line.escape(Array(input.utf8))
    #expect(String(decoding: line.bytes, as: UTF8.self) == expected)
  }

  @Test func aMissingHostAndUserAreDashes() {
    var line = AccessLogLine()
    line.begin(host: "", user: nil, time: "[t]")
    #expect(String(decoding: line.bytes, as: UTF8.self) == "- - - [t] ")
  }

  @Test(arguments: [
    ("YWxhZGRpbjpvcGVuc2VzYW1l", "aladdin:opensesame"),
    ("YQ==", "a"),
    ("", ""),
    ("!!!!", ""),
  ])
  func base64IsDecodedAsFarAsItIsBase64(input: String, expected: String) {
    #expect(String(decoding: Base64.decodePrefix(Array(input.utf8)), as: UTF8.self) == expected)
  }
}
