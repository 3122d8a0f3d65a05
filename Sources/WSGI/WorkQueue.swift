import DequeModule
import HTTPServer
import Logging
import PythonRuntime
import Synchronization

/// One thing for a Python thread to do.
enum Work: Sendable {
  /// A request, and since when it waits, by ``CoarseTime``.
  case exchange(Exchange, since: UInt64)
  /// Close the iterable of a response that has been sent.
  case close(ResponseIterable)
}

/// Bounds of a ``WorkQueue``.
package struct WorkLimits: Sendable {
  /// How many threads there may be at most.
  package var threads: Int
  /// Requests that may wait for one.
  package var waiting: Int
  /// For how long, in nanoseconds.
  package var waitingTime: UInt64

  package init(threads: Int, waiting: Int = .max, waitingTime: UInt64 = .max) {
    self.threads = threads
    self.waiting = waiting
    self.waitingTime = waitingTime
  }
}

/// Where work waits for Python threads, and who of them is woken for it.
///
/// A thread takes the GIL first and a piece of work second, and keeps the GIL while there is more: so no work
/// sits with a thread that waits. At most one idle thread at a time, the candidate, is on its way to the GIL.
/// When the running thread lets go of it (in I/O, or because it has nothing left) the candidate takes over, and
/// if there is more, the next one is woken.
final class WorkQueue: Sendable {
  private struct State {
    var waiting: Deque<Work> = []
    /// Threads asleep in ``park()``.
    var idle = 0
    /// Threads that were started or asked for.
    var started = 0
    /// Threads that are on their way to the GIL and have not looked at the queue yet.
    var candidates = 0
    /// Threads asleep that have been told to wake up and have not done so yet.
    var wakeUps = 0
    var isClosed = false
    /// How much has been taken in all, and how much of it when an event loop last waited.
    var taken: UInt64 = 0
    var takenBefore: UInt64 = 0
    /// Requests are being turned away.
    var isOverloaded = false

    private var cancelledRemoved: UInt64 = 0

    /// Whoever has gone takes no place from others. It is looked for now and then only.
    mutating func removeCancelled(at now: UInt64) {
      guard now != cancelledRemoved else { return }
      cancelledRemoved = now
      waiting.removeAll { work in
        guard case .exchange(let exchange, _) = work else { return false }
        return exchange.isCancelled
      }
    }

    /// Whether a thread that was not told to wake up is to go on all the same; nil where it is to sleep.
    mutating func decideUnasked() -> Bool? {
      // At the end, whoever was asked for may never come.
      if !waiting.isEmpty, candidates == 0 || isClosed {
        candidates += 1
        return true
      }
      return isClosed ? false : nil
    }

    struct Nomination {
      var wakes = 0
      var starts = 0
    }

    /// Sees to it that somebody is coming for what waits.
    ///
    /// - Parameters:
    ///   - limit: how many threads there may be.
    ///   - wanted: how many candidates there are to be, as long as there is work for them.
    mutating func nominate(limit: Int, wanted: Int = 1) -> Nomination {
      var nomination = Nomination()
      guard !isClosed else { return nomination }
      while candidates < min(wanted, waiting.count) {
        if idle > wakeUps {
          wakeUps += 1
          nomination.wakes += 1
        } else if started < limit {
          started += 1
          nomination.starts += 1
        } else {
          break
        }
        candidates += 1
      }
      return nomination
    }
  }

  private let state = Monitor(State())
  /// One for each thread in ``park()`` that is to come back.
  private let wakeUps = Semaphore()
  /// What waits in all, and what has been taken in all, for a look without the lock.
  private let waiting = Atomic(0)
  private let taken = Atomic<UInt64>(0)
  /// An event loop waits for the threads to have little left; and whether it has been told.
  private let isAwaited = Atomic(false)
  private let littleLeft = Monitor(false)
  private let limits: WorkLimits
  private let logger: Logger
  private let startThread: @Sendable () -> Void

  /// - Parameter startThread: asks for one more thread that will call ``next(asCandidate:)``; must not block.
  init(_ limits: WorkLimits, logger: Logger, startThread: @escaping @Sendable () -> Void) {
    self.limits = limits
    self.logger = logger
    self.startThread = startThread
  }

  /// Adds work. From any thread; it does not wait.
  func push(_ work: Work) {
    follow(
      state.withLock { state in
        state.waiting.append(work)
        noteCounts(state)
        return state.nominate(limit: limits.threads)
      }
    )
  }

  /// Takes the oldest piece of work, if there is any. For an attached thread.
  ///
  /// - Parameters:
  ///   - isCandidate: whether the caller has been woken (or started) for this and has not asked yet.
  ///   - hasWaited: whether it had to wait for the GIL, because others compute. Each of those who come after it would
  ///     wait as long again, so all of them are sent on their way at once.
  func next(asCandidate isCandidate: Bool, hasWaited: Bool = false) -> Work? {
    let (work, nomination, left) = state.withLock { state in
      if isCandidate { state.candidates -= 1 }
      let work = state.waiting.popFirst()
      if work != nil { state.taken &+= 1 }
      noteCounts(state)
      let nomination = state.nominate(limit: limits.threads, wanted: hasWaited ? Self.crowd : 1)
      return (work, nomination, state.waiting.count)
    }
    follow(nomination)
    if left <= Self.little, isAwaited.load(ordering: .relaxed) { tellOfLittleLeft() }
    return work
  }

  /// Sleeps until the caller is made the candidate. For a detached thread.
  ///
  /// - Returns: whether to go on; the queue is closed otherwise.
  func park() -> Bool {
    let verdict = state.withLock { state -> Bool? in
      // What was pushed between the caller's last look and now has found nobody idle.
      if let verdict = state.decideUnasked() { return verdict }
      state.idle += 1
      return nil
    }
    if let verdict { return verdict }
    wakeUps.wait()
    return state.withLock { state in
      state.idle -= 1
      guard state.wakeUps == 0 else {
        state.wakeUps -= 1
        return true
      }
      return state.decideUnasked() ?? false
    }
  }

  /// Takes back a thread that was asked for and could not be made. Another one takes its place as the candidate.
  ///
  /// - Returns: what waits, if there is no thread at all that could do it.
  func threadFailed() -> [Work] {
    let (orphaned, nomination) = state.withLock { state -> ([Work], State.Nomination) in
      state.started -= 1
      state.candidates -= 1
      if state.started == 0 {
        let orphaned = Array(state.waiting)
        state.waiting = []
        noteCounts(state)
        return (orphaned, State.Nomination())
      }
      // Asking for a thread again would fail again: only for those that are asleep.
      return ([], state.nominate(limit: state.started))
    }
    follow(nomination)
    return orphaned
  }

  /// A thread has been given up: there may be another one in its place.
  func threadLost() {
    follow(
      state.withLock { state in
        state.started -= 1
        return state.nominate(limit: limits.threads)
      }
    )
  }

  /// Answers with 503 what has waited for too long.
  func turnAwayLate(_ now: UInt64) {
    let late = state.withLock { state -> [Exchange] in
      var late: [Exchange] = []
      // The oldest come first, with other work in between.
      for work in state.waiting {
        guard case .exchange(let exchange, let since) = work else { continue }
        guard now > since, now - since >= limits.waitingTime else { break }
        late.append(exchange)
      }
      guard !late.isEmpty else { return [] }
      state.waiting.removeAll { work in
        guard case .exchange(_, let since) = work else { return false }
        return now > since && now - since >= limits.waitingTime
      }
      noteCounts(state)
      return late
    }
    guard !late.isEmpty else { return }
    for exchange in late { exchange.post(.fail(.serviceUnavailable)) }
    logger.warning(
      "\(late.count) waiting for a Python thread for too long: answered with 503 (--queue-timeout, --threads)"
    )
  }

  /// How many candidates there are at most where threads compete for the GIL.
  private static let crowd = 16

  /// Sends every thread home once there is nothing left to do.
  func close() {
    let asleep = state.withLock { state in
      state.isClosed = true
      return state.idle - state.wakeUps
    }
    for _ in 0..<asleep { wakeUps.signal() }
  }

  private func follow(_ nomination: State.Nomination) {
    for _ in 0..<nomination.wakes { wakeUps.signal() }
    for _ in 0..<nomination.starts { startThread() }
  }
}

// MARK: - How much there is

extension WorkQueue {
  var waitingCount: Int { waiting.load(ordering: .relaxed) }

  /// How much work threads have taken so far.
  var takenCount: UInt64 { taken.load(ordering: .relaxed) }

  private func noteCounts(_ state: borrowing State) {
    waiting.store(state.waiting.count, ordering: .relaxed)
    taken.store(state.taken, ordering: .relaxed)
  }
}

// MARK: - Event loops that wait

extension WorkQueue {
  /// Requests that wait: from so many on there is much to do, and down to so many there is little.
  private static let much = 8
  private static let little = 2

  /// For one event loop: with several, one that does not wait would end another's.
  package func waitWhileBusy(microseconds: Int64) {
    // Before the look at what there is: who takes the last of it looks at this afterwards.
    littleLeft.withLock { $0 = false }
    isAwaited.store(true, ordering: .sequentiallyConsistent)
    defer { isAwaited.store(false, ordering: .relaxed) }
    let isBusy = state.withLock { state in
      // Threads that are all asleep in I/O, or stuck, gain nothing by a loop that waits.
      guard state.waiting.count >= Self.much, state.taken != state.takenBefore else { return false }
      state.takenBefore = state.taken
      return true
    }
    guard isBusy else { return }
    _ = littleLeft.wait(microseconds: microseconds) { isLittle in isLittle ? true : nil }
  }

  private func tellOfLittleLeft() {
    guard isAwaited.exchange(false, ordering: .sequentiallyConsistent) else { return }
    littleLeft.withLock { $0 = true }
    littleLeft.broadcast()
  }
}

extension WorkQueue: ExchangeQueue {
  func push(_ exchanges: [Exchange]) {
    let now = CoarseTime.now
    let (nomination, turnedAway, isNew) = state.withLock {
      state -> (State.Nomination, ArraySlice<Exchange>, Bool) in
      if state.waiting.count + exchanges.count > limits.waiting { state.removeCancelled(at: now) }
      let room = max(limits.waiting - state.waiting.count, 0)
      for exchange in exchanges.prefix(room) { state.waiting.append(.exchange(exchange, since: now)) }
      noteCounts(state)
      let wasOverloaded = state.isOverloaded
      state.isOverloaded = exchanges.count > room || (wasOverloaded && room < limits.waiting / 2)
      return (
        state.nominate(limit: limits.threads), exchanges.dropFirst(room), state.isOverloaded && !wasOverloaded
      )
    }
    follow(nomination)
    for exchange in turnedAway { exchange.post(.fail(.serviceUnavailable)) }
    if isNew {
      logger.warning(
        "\(limits.waiting) requests wait for a Python thread: more are answered with 503 (--queue-limit, --threads)"
      )
    }
  }
}
