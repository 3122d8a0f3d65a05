/// `COUNT/s`, `COUNT/m` or `COUNT/h`, and `,burst=COUNT`: how many requests one client may make.
package struct RequestRate: OptionValue, Equatable {
  package let count: Int
  package let period: Duration
  /// How many may come at once, after a pause: what comes in a second, unless it is given.
  package let burst: Int

  package init(parsing text: String) throws(InvalidValue) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let rate = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard rate.count == 2, let count = Int(digits: rate[0]), 1...1_000_000 ~= count,
      let period = Self.periods[String(rate[1])]
    else {
      throw InvalidValue("it must be a number of requests per s, m or h, such as 100/s or 30/m,burst=10")
    }
    self.count = count
    self.period = period
    guard parts.count > 1 else {
      burst = max(1, period == .seconds(1) ? count : 1)
      return
    }
    guard parts.count == 2, let number = parts[1].dropping(prefix: "burst=").flatMap({ Int(digits: $0) }),
      1...1_000_000 ~= number
    else { throw InvalidValue("after the comma comes burst=COUNT, such as 100/s,burst=200") }
    burst = number
  }

  private static let periods: [String: Duration] = [
    "s": .seconds(1), "m": .seconds(60), "h": .seconds(3600),
  ]

  package var description: String {
    let unit = Self.periods.first { $0.value == period }?.key ?? "s"
    return "\(count)/\(unit),burst=\(burst)"
  }
}
