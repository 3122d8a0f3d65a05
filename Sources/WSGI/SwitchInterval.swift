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
  /// For how long, in nanoseconds, a request counts, and what is tried lasts.
  private static let memory: UInt64 = 1_000_000_000

  /// `set_switch_interval(seconds)` of the Python half; None where the user has chosen one.
  private let setter: PythonReference
  private let isFixed: Bool
  private let isShort = Atomic(false)
  /// When the last request that had waited ended: of those that needed little, and of the others.
  private let lastLittle = Atomic<UInt64>(0)
  private let lastMuch = Atomic<UInt64>(0)
  /// When it was last made short for a request of which nothing was known.
  private let lastTrial = Atomic<UInt64>(0)

  init(setter: PythonReference, isFixed: Bool) {
    self.setter = setter
    self.isFixed = isFixed
  }

  /// Runs the work of a thread that has waited for the GIL, and draws its conclusions.
  ///
  /// - Parameter wait: for how long, in nanoseconds; others had the GIL all that time, and began hardly any other work.
  func observing(_ python: Attached, wait: UInt64, _ body: () -> Void) {
    guard !isFixed else { return body() }
    let began = Self.threadTime
    if wait > Self.little { tryShort(at: CoarseTime.now, python) }
    body()
    let now = CoarseTime.now
    if Self.threadTime - began <= Self.little {
      lastLittle.store(now, ordering: .relaxed)
      set(short: isWorthIt(at: now), python)
    } else {
      lastMuch.store(now, ordering: .relaxed)
      if !Self.isRecent(lastLittle, at: now) { set(short: false, python) }
    }
  }

  /// Makes it long again where nobody computes any more. Before each request: threads that find work all the time wait
  /// for nothing, and observe nothing.
  func expire(_ python: Attached) {
    guard isShort.load(ordering: .relaxed), !isWorthIt(at: CoarseTime.now) else { return }
    set(short: false, python)
  }

  /// Somebody computes, or may do so.
  private func isWorthIt(at now: UInt64) -> Bool {
    Self.isRecent(lastMuch, at: now) || Self.isRecent(lastTrial, at: now)
  }

  private static func isRecent(_ time: borrowing Atomic<UInt64>, at now: UInt64) -> Bool {
    let time = time.load(ordering: .relaxed)
    return now - min(time, now) <= memory
  }

  /// A request that has waited for long may be one of many that need little, behind one that computes: if they had to end
  /// before that is known, all of the first ones would wait as long. It may as well compute itself, and then its own end
  /// takes this back; or the kernel may have taken the core away, and then this passes.
  private func tryShort(at now: UInt64, _ python: Attached) {
    guard !isShort.load(ordering: .relaxed), !Self.isRecent(lastTrial, at: now) else { return }
    lastTrial.store(now, ordering: .relaxed)
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
