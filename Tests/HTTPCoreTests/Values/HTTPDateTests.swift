import HTTPCore
import Testing

@Suite("Dates (RFC 9110 5.6.7)")
struct HTTPDateTests {
  /// 1 January 2026, for telling centuries.
  private static let now: Int64 = 1_767_225_600

  private static func parse(_ text: String, now: Int64? = now) -> Int64? {
    HTTPDate.parse([UInt8](latin1: text).span.bytes, now: now)
  }

  @Test(
    "moments are written as IMF-fixdate and read back",
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
      (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
      (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
      (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"),
    ] as [(Int64, String)]
  )
  func fixdate(_ seconds: Int64, _ text: String) {
    #expect(HTTPDate.string(seconds) == text)
    #expect(Self.parse(text) == seconds)
  }

  @Test("what four digits cannot say becomes the nearest date they can")
  func clamping() {
    #expect(HTTPDate.string(.max) == "Fri, 31 Dec 9999 23:59:59 GMT")
    #expect(HTTPDate.string(.min) == "Sat, 01 Jan 0000 00:00:00 GMT")
  }

  @Test("a date in every month of 400 years comes back as it was")
  func roundTrip() {
    var seconds: Int64 = -5_000_000_000
    while seconds < 7_700_000_000 {
      if Self.parse(HTTPDate.string(seconds)) != seconds { Issue.record("\(seconds)") }
      seconds += 2_500_001
    }
  }

  @Test("the obsolete forms are read too")
  func obsoleteForms() {
    #expect(Self.parse("Sunday, 06-Nov-94 08:49:37 GMT") == 784_111_777)
    #expect(Self.parse("Sun Nov  6 08:49:37 1994") == 784_111_777)
    #expect(Self.parse("Wed Nov 16 08:49:37 1994") == 784_975_777)
    #expect(Self.parse("Sat, 31 Dec 2016 23:59:60 GMT") == 1_483_228_800)
  }

  @Test("a two-digit year more than 50 years ahead is in the past")
  func centuries() {
    func year(_ digits: String, now: Int64) -> String? {
      Self.parse("Sunday, 06-Nov-\(digits) 08:49:37 GMT", now: now).map {
        String(HTTPDate.string($0).dropFirst(12).prefix(4))
      }
    }
    #expect(year("76", now: Self.now) == "2076")
    #expect(year("77", now: Self.now) == "1977")
    #expect(year("26", now: Self.now) == "2026")
    #expect(year("00", now: Self.now) == "2000")
    // From 1994, 2044 is within 50 years and 2045 is not.
    #expect(year("44", now: 784_111_777) == "2044")
    #expect(year("45", now: 784_111_777) == "1945")
    for extreme in [Int64.min, Int64.max] { _ = year("44", now: extreme) }
    #expect(Self.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: nil) == 784_111_777)
  }

  @Test(
    "anything else is not a date",
    arguments: [
      "", "0", "Sun", "Sun,", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
      "sun, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT ", " Sun, 06 Nov 1994 08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT",
      "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 29 Feb 2023 08:49:37 GMT",
      "Thu, 29 Feb 1900 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
      "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, +6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun Nov 06 08:49:37 94",
      "Sun Nov  6 08:49:37 1994 GMT", "Sun, 06 Nov 1994 08:49:37 GMT; length=5",
      "Sunday Nov  6 08:49:37 1994",
      "Sun, 06 Nov 1994 08:49:37 GM", "Sun, 06 Xxx 1994 08:49:37 GMT",
    ]
  )
  func invalid(_ text: String) {
    #expect(Self.parse(text) == nil)
  }

  @Test("the cached line is made anew when the second changes")
  func cache() {
    var cache = HTTPDateCache(secondsSinceEpoch: 0)
    #expect(cache.line.latin1 == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
    cache.update(secondsSinceEpoch: 0)
    #expect(cache.line.latin1 == "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
    cache.update(secondsSinceEpoch: 61)
    #expect(cache.line.latin1 == "Date: Thu, 01 Jan 1970 00:01:01 GMT\r\n")
  }
}
