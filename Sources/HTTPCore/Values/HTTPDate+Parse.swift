import Glibc

/// Reading dates: all three forms, exactly as the grammar has them (RFC 9110 5.6.7).
///
///     IMF-fixdate  = "Sun, 06 Nov 1994 08:49:37 GMT"
///     rfc850-date  = "Sunday, 06-Nov-94 08:49:37 GMT"
///     asctime-date = "Sun Nov  6 08:49:37 1994"
extension HTTPDate {
  /// Seconds since the epoch, or nil for anything that is not a date.
  ///
  /// The day must exist; that its weekday is the right one is not checked. A leap second is the first second of
  /// the next minute.
  ///
  /// - Parameter now: seconds since the epoch, to tell the century of an `rfc850-date`; nil for the clock's.
  package static func parse(_ bytes: RawSpan, now: Int64? = nil) -> Int64? {
    var reader = DateReader(count: bytes.byteCount)
    guard let weekday = reader.weekday(bytes) else { return nil }
    let time: Int
    let date: CivilDay
    switch (weekday, reader.byte(bytes)) {
    case (.short, ASCII.comma):
      guard reader.literal(" ", bytes), let day = reader.number(2, bytes), reader.literal(" ", bytes),
        let month = reader.month(bytes), reader.literal(" ", bytes), let year = reader.number(4, bytes),
        reader.literal(" ", bytes), let seconds = reader.time(bytes), reader.literal(" GMT", bytes)
      else { return nil }
      date = CivilDay(year: year, month: month, day: day)
      time = seconds
    case (.long, ASCII.comma):
      guard reader.literal(" ", bytes), let day = reader.number(2, bytes), reader.literal("-", bytes),
        let month = reader.month(bytes), reader.literal("-", bytes), let year = reader.number(2, bytes),
        reader.literal(" ", bytes), let seconds = reader.time(bytes), reader.literal(" GMT", bytes)
      else { return nil }
      let now = now ?? Int64(Glibc.time(nil))
      date = CivilDay(year: fullYear(year, now: now), month: month, day: day)
      time = seconds
    case (.short, ASCII.space):
      guard let month = reader.month(bytes), reader.literal(" ", bytes), let day = reader.paddedDay(bytes),
        reader.literal(" ", bytes), let seconds = reader.time(bytes), reader.literal(" ", bytes),
        let year = reader.number(4, bytes)
      else { return nil }
      date = CivilDay(year: year, month: month, day: day)
      time = seconds
    default:
      return nil
    }
    guard reader.isAtEnd, date.exists else { return nil }
    return Int64(date.daysSinceEpoch) * 86_400 + Int64(time)
  }

  /// A year that appears to be more than 50 years ahead is the most recent past one with the same two digits.
  private static func fullYear(_ twoDigits: Int, now: Int64) -> Int {
    let clamped = min(max(now, representable.lowerBound), representable.upperBound)
    let thisYear = CivilDay(daysSinceEpoch: CivilDay.split(clamped).days).year
    let year = thisYear / 100 * 100 + twoDigits
    if year > thisYear + 50 { return year - 100 }
    // In the century's last years, its first ones are near too.
    return year + 100 <= thisYear + 50 ? year + 100 : year
  }
}

/// Takes one piece after another off a date; after a piece that is not there, its answers mean nothing.
private struct DateReader {
  enum Weekday { case short, long }

  private var index = 0
  private let count: Int

  init(count: Int) {
    self.count = count
  }

  var isAtEnd: Bool { index == count }

  mutating func byte(_ bytes: RawSpan) -> UInt8? {
    guard index < count else { return nil }
    index += 1
    return bytes.byte(at: index - 1)
  }

  mutating func literal(_ text: StaticString, _ bytes: RawSpan) -> Bool {
    let length = text.utf8CodeUnitCount
    guard count - index >= length, bytes.equals(index..<index + length, text) else { return false }
    index += length
    return true
  }

  mutating func number(_ digits: Int, _ bytes: RawSpan) -> Int? {
    guard count - index >= digits, let value = bytes.decimal(index..<index + digits) else { return nil }
    index += digits
    return Int(value)
  }

  /// `date3 = month SP ( 2DIGIT / ( SP 1DIGIT ) )`
  mutating func paddedDay(_ bytes: RawSpan) -> Int? {
    literal(" ", bytes) ? number(1, bytes) : number(2, bytes)
  }

  /// `time-of-day = hour ":" minute ":" second`, with the second 60 for leap seconds.
  mutating func time(_ bytes: RawSpan) -> Int? {
    guard let hour = number(2, bytes), hour < 24, literal(":", bytes),
      let minute = number(2, bytes), minute < 60, literal(":", bytes),
      let second = number(2, bytes), second <= 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// 1…12. Names are case-sensitive.
  mutating func month(_ bytes: RawSpan) -> Int? {
    let names: [StaticString] = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    for (index, name) in names.enumerated() where literal(name, bytes) { return index + 1 }
    return nil
  }

  mutating func weekday(_ bytes: RawSpan) -> Weekday? {
    let days: [(StaticString, StaticString)] = [
      ("Sun", "day"), ("Mon", "day"), ("Tue", "sday"), ("Wed", "nesday"), ("Thu", "rsday"), ("Fri", "day"),
      ("Sat", "urday"),
    ]
    for (short, rest) in days where literal(short, bytes) { return literal(rest, bytes) ? .long : .short }
    return nil
  }
}
