import Glibc

/// The time of the day where the server stands, for logs.
struct LocalTime {
  private var parts: tm

  static var now: LocalTime { LocalTime(secondsSinceEpoch: time(nil)) }

  init(secondsSinceEpoch: Int) {
    var seconds = secondsSinceEpoch
    parts = tm()
    localtime_r(&seconds, &parts)
  }

  /// `[2026-11-22 19:04:00 +0000]`
  var logPrefix: String { format("[%Y-%m-%d %H:%M:%S %z]") }

  /// `[22/Nov/2026:19:04:00 +0000]`, as access logs have it. English in every locale: the process sets none.
  var accessLog: String { format("[%d/%b/%Y:%H:%M:%S %z]") }

  private func format(_ pattern: String) -> String {
    var parts = self.parts
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      let count = strftime(buffer.baseAddress, buffer.count, pattern, &parts)
      return String(
        decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]),
        as: UTF8.self
      )
    }
  }
}
