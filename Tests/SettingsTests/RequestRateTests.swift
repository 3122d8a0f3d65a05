import Testing

@testable import Settings

@Suite struct RequestRateTests {
  @Test(arguments: [
    ("100/s", "100/s,burst=100"), ("30/m", "30/m,burst=1"), ("5/h,burst=10", "5/h,burst=10"),
    ("1/s", "1/s,burst=1"),
  ])
  func `a rate has a burst`(text: String, shown: String) throws {
    #expect(try RequestRate(parsing: text).description == shown)
  }

  @Test(arguments: [
    "", "100", "100/", "/s", "0/s", "-1/s", "1/d", "1.5/s", "1/s,", "1/s,burst=0", "1/s,burst", "1/s,x=1",
  ])
  func `anything else is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try RequestRate(parsing: text) }
  }

  @Test func `a mode is octal`() throws {
    #expect(try FileMode(parsing: "660").bits == 0o660)
    #expect(try FileMode(parsing: "0600").bits == 0o600)
    for text in ["", "888", "7777", "66666", "rw", "-1"] {
      #expect(throws: InvalidValue.self) { try FileMode(parsing: text) }
    }
  }
}
