import NIOCore

/// Watches how fast bytes pass while somebody is expected to send or to take them: who keeps just within every pause can
/// otherwise take for ever (slow reads, slow posts).
struct MinimumRate {
  /// How long a beginning may be slow.
  static let grace = TimeAmount.seconds(5)

  private var since: NIODeadline?
  private var count = 0

  /// Begins to measure, or begins anew.
  mutating func begin(at time: NIODeadline) {
    since = time
    count = 0
  }

  /// Begins anew, unless nobody is waited for.
  mutating func restart(at time: NIODeadline) {
    if since != nil { begin(at: time) }
  }

  mutating func beginIfPaused(at time: NIODeadline) {
    if since == nil { begin(at: time) }
  }

  /// Nobody is waited for.
  mutating func pause() {
    since = nil
  }

  mutating func add(_ bytes: Int) {
    count += bytes
  }

  /// - Parameter minimum: bytes per second; 0 for none.
  func isTooSlow(at time: NIODeadline, minimum: Int) -> Bool {
    guard let since, minimum > 0 else { return false }
    let elapsed = time - since
    guard elapsed > Self.grace else { return false }
    return Double(count) < Double(minimum) * Double(elapsed.nanoseconds) / 1e9
  }
}
