/// Dates for people and for JSON: `2026-11-25 18:26:31` (RFC 3339), in UTC.
package enum ISODate {
  /// What lies outside the years 0000 to 9999 becomes the nearest within.
  package static func string(secondsSinceEpoch: Int64) -> String {
    let representable = HTTPDate.representable
    let seconds = min(max(secondsSinceEpoch, representable.lowerBound), representable.upperBound)
    let (days, second) = CivilDay.split(seconds)
    let day = CivilDay(daysSinceEpoch: days)
    let date = "\(padded(day.year, to: 4))-\(padded(day.month))-\(padded(day.day))"
    return "\(date) \(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
  }

  private static func padded(_ number: Int, to width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.utf8.count, 0)) + digits
  }
}
