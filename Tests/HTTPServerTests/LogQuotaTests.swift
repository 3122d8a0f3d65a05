import Testing

@testable import HTTPServer

@Suite("Log quota")
struct LogQuotaTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func soManyLinesAreWrittenInAWindowAndTheFirstOneLeftOutHasASummaryDue() {
    var quota = LogQuota()
    for _ in 0..<LogQuota.lines { #expect(quota.admit(at: 5 * Self.second) == .write) }
    #expect(quota.admit(at: 6 * Self.second) == .leaveOutFirst(windowEnd: 15 * Self.second))
    for _ in 0..<1000 { #expect(quota.admit(at: 14 * Self.second) == .leaveOut) }
    #expect(quota.takeLeftOut() == 1001)
    #expect(quota.takeLeftOut() == 0)
  }

  @Test func aNewWindowHasItsOwnLines() {
    var quota = LogQuota()
    for _ in 0..<LogQuota.lines + 1 { _ = quota.admit(at: 1) }
    #expect(quota.admit(at: LogQuota.window) == .leaveOut)
    for _ in 0..<LogQuota.lines { #expect(quota.admit(at: 1 + LogQuota.window) == .write) }
    // The summary of the first window is still to come: it has these as well.
    #expect(quota.admit(at: 2 + LogQuota.window) == .leaveOut)
    #expect(quota.takeLeftOut() == 3)
    #expect(quota.admit(at: 3 + LogQuota.window) == .leaveOutFirst(windowEnd: 1 + 2 * LogQuota.window))
  }

  @Test func aFewInAWhileAreAllWritten() {
    var quota = LogQuota()
    for second in 0..<100 { #expect(quota.admit(at: UInt64(second) * 2 * Self.second) == .write) }
  }
}
