import Glibc
import HTTPServer
import PythonRuntime
import Synchronization

/// How soon a thread that computes gives way to others that want the GIL (`sys.setswitchinterval`), fitted to what the
/// requests do.
///
/// Where requests that need little of the processor wait behind others that compute, it is short: they get their turn
/// sooner. Where all of them compute, or none does, it is long: changing threads costs time, and nobody gains by it.
package final class SwitchInterval: @unchecked Sendable {
  // The reference is immortal; the rest is atomic.

  /// In seconds.
  private static let short = 0.0001
  private static let long = 0.005
  /// Nanoseconds of processor time up to which a request is one that needs little.
  private static let little: UInt64 = 2_000_000
  /// For how long, in nanoseconds, such a request counts.
  private static let memory: UInt64 = 1_000_000_000
  /// And for how long one that computes: with the short interval, there is nothing to be seen of it.
  private static let memoryOfLong: UInt64 = 10_000_000_000

  /// `set_switch_interval(seconds)` of the Python half; None where the user has chosen one.
  private let setter: PythonReference
  private let isFixed: Bool
  private let isShort = Atomic(false)
  private let lastLittle = Atomic<UInt64>(0)
  private let lastLong = Atomic<UInt64>(0)
  /// When it was last made short for a request of which nothing was known.
  private let lastGuess = Atomic<UInt64>(0)

  init(setter: PythonReference, isFixed: Bool) {
    self.setter = setter
    self.isFixed = isFixed
  }

  /// Runs the work of a thread that has waited for the GIL, and draws its conclusions.
  ///
  /// - Parameter wait: for how long, in nanoseconds; others had the GIL all that time, and began no other work.
  func observing(_ python: Attached, wait: UInt64, _ body: () -> Void) {
    guard !isFixed else { return body() }
    let began = Self.threadTime
    if wait > Self.little {
      // Somebody computes for long, it seems, unless it was the kernel that took the core away: that passes.
      let now = CoarseTime.now
      lastLong.store(now, ordering: .relaxed)
      guess(at: now, python)
    }
    body()
    let now = CoarseTime.now
    if Self.threadTime - began <= Self.little {
      lastLittle.store(now, ordering: .relaxed)
      set(short: Self.isRecent(lastLong, Self.memoryOfLong, at: now), python)
    } else {
      lastLong.store(now, ordering: .relaxed)
      if !Self.isRecent(lastLittle, Self.memory, at: now) { set(short: false, python) }
    }
  }

  /// Makes it long again where nobody has computed for long of late. Before each request: nothing else may come to notice.
  func expire(_ python: Attached) {
    guard isShort.load(ordering: .relaxed),
      !Self.isRecent(lastLong, Self.memoryOfLong, at: CoarseTime.now)
    else { return }
    set(short: false, python)
  }

  private static func isRecent(_ time: borrowing Atomic<UInt64>, _ memory: UInt64, at now: UInt64) -> Bool {
    let time = time.load(ordering: .relaxed)
    return now - min(time, now) <= memory
  }

  /// A request that has waited may be one of many that need little: if they had to end before that is known, all of the
  /// first ones would wait for long. It is tried once in a while; where it was wrong, its own end takes it back.
  private func guess(at now: UInt64, _ python: Attached) {
    guard !isShort.load(ordering: .relaxed) else { return }
    guard !Self.isRecent(lastGuess, Self.memory, at: now) else { return }
    lastGuess.store(now, ordering: .relaxed)
    set(short: true, python)
  }

  private func set(short: Bool, _ python: Attached) {
    guard isShort.exchange(short, ordering: .relaxed) != short else { return }
    do throws(PythonRaised) {
      let seconds = try python.float(short ? Self.short : Self.long)
      _ = try setter.call(python, seconds.reference)
    } catch {
      python.clearException()
    }
  }

  /// Processor time of the calling thread, in nanoseconds.
  private static var threadTime: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
