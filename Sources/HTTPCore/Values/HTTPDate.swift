/// Dates as HTTP writes them (RFC 9110 5.6.7).
///
///     IMF-fixdate = "Sun, 06 Nov 1994 08:49:37 GMT"
package enum HTTPDate {
  /// Bytes of an IMF-fixdate.
  package static let length = 29

  static let weekdays: StaticString = "SunMonTueWedThuFriSat"
  static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

  /// Seconds since the epoch of the first and last moments that have four digits for a year.
  static let representable: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Appends the date, of 29 bytes. What lies outside the years 0000 to 9999 becomes the nearest within.
  package static func format(secondsSinceEpoch: Int64, into sink: inout some ByteSink) {
    let seconds = min(max(secondsSinceEpoch, representable.lowerBound), representable.upperBound)
    let (days, secondOfDay) = CivilDay.split(seconds)
    let day = CivilDay(daysSinceEpoch: days)
    withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { date in
      let template: StaticString = "Sun, 00 Jan 0000 00:00:00 GMT"
      template.withUTF8Buffer { date.copyMemory(from: UnsafeRawBufferPointer($0)) }
      put(name: weekdays, CivilDay.weekday(daysSinceEpoch: days), into: date, at: 0)
      put(day.day, into: date, at: 5)
      put(name: months, day.month - 1, into: date, at: 8)
      put(day.year / 100, into: date, at: 12)
      put(day.year % 100, into: date, at: 14)
      put(secondOfDay / 3600, into: date, at: 17)
      put(secondOfDay / 60 % 60, into: date, at: 20)
      put(secondOfDay % 60, into: date, at: 23)
      sink.append(UnsafeRawBufferPointer(date))
    }
  }

  /// The date as text.
  package static func string(_ secondsSinceEpoch: Int64) -> String {
    var bytes: [UInt8] = []
    format(secondsSinceEpoch: secondsSinceEpoch, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func put(_ twoDigits: Int, into date: UnsafeMutableRawBufferPointer, at offset: Int) {
    date[offset] = ASCII.zero + UInt8(truncatingIfNeeded: twoDigits / 10)
    date[offset + 1] = ASCII.zero + UInt8(truncatingIfNeeded: twoDigits % 10)
  }

  private static func put(
    name names: StaticString,
    _ index: Int,
    into date: UnsafeMutableRawBufferPointer,
    at offset: Int
  ) {
    names.withUTF8Buffer { names in
      for letter in 0..<3 { date[offset + letter] = names[index * 3 + letter] }
    }
  }
}
