import Glibc
import HTTPServer
import Logging
import Synchronization

/// Watches the Python threads for calls that are silent for too long (`--timeout`).
///
/// ``tick()`` runs on an event loop. It needs no Python, so it works while C code holds the GIL: the client gets its
/// answer, and the log gets the stack of the thread through a signal (`faulthandler`). Otherwise the stack is Python's
/// main thread's to find, which is woken for it.
package final class CallWatch: Sendable {
  /// One silent call, for Python's main thread.
  package struct Report: Sendable {
    /// Of the thread, as `threading.get_ident()`.
    package var threadIdentifier: UInt { slot.identifier }
    package let message: String
    /// Whether the thread is to be interrupted.
    package let isExpired: Bool

    let slot: CallSlot
    let exchange: Exchange
    let time: UInt64
    /// The stack has been asked for without Python.
    var isShown = false
  }

  private struct State {
    var slots: [CallSlot] = []
    var reports: [Report] = []
  }

  private let state = Mutex(State())
  private let isStopped = Atomic(false)
  private let logger: Logger
  /// The signal upon which a thread writes its stack to the log.
  private let stackSignal: CInt
  private let wakeMainThread: @Sendable () -> Void

  /// How long a thread has to come back after its request has ended without it.
  private static let grace: UInt64 = 5_000_000_000
  /// How long the main thread has to come for a report before the GIL is taken to be stuck.
  private static let patience: UInt64 = 1_000_000_000

  package init(logger: Logger, stackSignal: CInt, wakeMainThread: @escaping @Sendable () -> Void) {
    self.logger = logger
    self.stackSignal = stackSignal
    self.wakeMainThread = wakeMainThread
  }

  /// Python's main thread is about to end the process: it takes no more reports.
  package func stop() {
    isStopped.store(true, ordering: .relaxed)
  }

  func add(_ slot: CallSlot) {
    state.withLock { $0.slots.append(slot) }
  }

  func remove(_ slot: CallSlot) {
    state.withLock { $0.slots.removeAll { $0 === slot } }
  }

  /// What Python's main thread is to look into.
  package func takeReports() -> [Report] {
    state.withLock { state in
      defer { state.reports = [] }
      return state.reports
    }
  }

  /// Called a few times in the time that a call may take.
  ///
  /// - Returns: how many threads have been given up since the last time.
  func tick() -> Int {
    guard !isStopped.load(ordering: .relaxed) else { return 0 }
    let now = CoarseTime.now
    let slots = state.withLock { $0.slots }
    var lost = 0
    for slot in slots {
      guard let (finding, silence) = slot.look(at: now, grace: Self.grace) else { continue }
      switch finding {
      case .slow(let call):
        report(
          call,
          slot,
          "has been silent for \(seconds(silence)) (\(call.application.timeoutOption) is \(seconds(call.application.timeout)))",
          now
        )
      case .expired(let call):
        call.exchange.expire()
        report(
          call,
          slot,
          "has been silent for \(seconds(silence)): it was ended (\(call.application.timeoutOption))",
          now,
          isExpired: true
        )
      case .lost(let call):
        lost += 1
        logger.critical(
          """
          \(call.exchange.title) in \(call.application.name): its thread has not come back \
          \(seconds(Self.grace)) after the time-out: given up, and another one takes its place
          """
        )
      }
    }
    showStacksOfUnreported(now)
    return lost
  }

  private func report(
    _ call: CallSlot.Call,
    _ slot: CallSlot,
    _ what: String,
    _ now: UInt64,
    isExpired: Bool = false
  ) {
    let report = Report(
      message: "\(call.exchange.title) in \(call.application.name) \(what)",
      isExpired: isExpired,
      slot: slot,
      exchange: call.exchange,
      time: now
    )
    state.withLock { $0.reports.append(report) }
    wakeMainThread()
  }

  /// Nobody has come for these: no Python thread gets the GIL.
  private func showStacksOfUnreported(_ now: UInt64) {
    let late = state.withLock { state -> [Report] in
      let late = state.reports.filter { !$0.isShown && now - $0.time >= Self.patience }
      guard !late.isEmpty else { return [] }
      // An interruption is still due when the GIL is free.
      state.reports.removeAll { !$0.isExpired && now - $0.time >= Self.patience }
      for index in state.reports.indices where now - state.reports[index].time >= Self.patience {
        state.reports[index].isShown = true
      }
      return late
    }
    for report in late where report.slot.isAtWork(on: report.exchange) {
      logger.error("\(report.message). The GIL is held, so other requests wait too; the stack of its thread:")
      _ = report.slot.signal(stackSignal, about: report.exchange)
    }
  }

  private func seconds(_ nanoseconds: UInt64) -> String {
    let tenths = (nanoseconds + 50_000_000) / 100_000_000
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}
