/// How many lines about one kind of event a log gets in a while, however many of them clients bring about.
///
/// Times are nanoseconds of one clock.
struct LogQuota {
  /// So many lines in so long a time.
  static let lines = 10
  static let window: UInt64 = 10_000_000_000

  enum Verdict: Equatable {
    case write
    case leaveOut
    /// The same, for the first one since ``takeLeftOut()``: a line about how many there were is due at the window's end.
    case leaveOutFirst(windowEnd: UInt64)
  }

  private var windowEnd: UInt64 = 0
  private var written = 0
  private var leftOut = 0

  mutating func admit(at now: UInt64) -> Verdict {
    if now >= windowEnd {
      windowEnd = now + Self.window
      written = 0
    }
    guard written == Self.lines else {
      written += 1
      return .write
    }
    leftOut += 1
    return leftOut == 1 ? .leaveOutFirst(windowEnd: windowEnd) : .leaveOut
  }

  /// How many have been left out since the last time.
  mutating func takeLeftOut() -> Int {
    defer { leftOut = 0 }
    return leftOut
  }
}
