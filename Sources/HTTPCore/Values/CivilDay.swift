/// A day of the proleptic Gregorian calendar. The arithmetic is Howard Hinnant's `days_from_civil`.
struct CivilDay: Equatable {
  var year: Int
  /// 1…12
  var month: Int
  /// 1…31
  var day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// - Parameter days: within some millions of years of 1970.
  init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSinceEpoch: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Whether there is such a day.
  var exists: Bool {
    guard 1...12 ~= month, day >= 1 else { return false }
    return CivilDay(daysSinceEpoch: daysSinceEpoch) == self
  }

  /// Whole days and the seconds of the day, also before the epoch.
  static func split(_ seconds: Int64) -> (days: Int, secondOfDay: Int) {
    let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: 86_400)
    return remainder >= 0
      ? (Int(quotient), Int(remainder)) : (Int(quotient) - 1, Int(remainder) + 86_400)
  }

  /// 0 for Sunday.
  static func weekday(daysSinceEpoch days: Int) -> Int {
    // 1 January 1970 was a Thursday.
    let rest = (days + 4) % 7
    return rest >= 0 ? rest : rest + 7
  }
}
