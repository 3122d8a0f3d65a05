import HTTPServer
import Logging
import PythonRuntime

/// The Python threads that call the applications.
///
/// Python makes them itself (`threading.Thread`), so that `threading.local`, names, debuggers and profilers see
/// what they expect; each of them then calls the function of ``entryPoint``.
package final class PythonWorkers: Sendable {
  let queue: WorkQueue
  package let watch: CallWatch

  /// - Parameters:
  ///   - limits: how many threads and waiting requests there may be.
  ///   - startThread: asks for one more; must not block.
  package init(
    limits: WorkLimits,
    watch: CallWatch,
    logger: Logger,
    startThread: @escaping @Sendable () -> Void
  ) {
    queue = WorkQueue(limits, logger: logger, startThread: startThread)
    self.watch = watch
  }

  /// What a new thread is to call: it returns when ``stop()`` has been called and nothing is left to do.
  package func entryPoint(for applications: [WSGIApplication], _ bridge: WSGIBridge) -> PythonCallable {
    EntryPoint(self, applications, bridge)
  }

  /// Turns away what has waited for too long, and looks after calls that are silent. To be called on an event loop, a
  /// few times within the shortest of the bounds.
  package func tick() {
    queue.turnAwayLate(CoarseTime.now)
    for _ in 0..<watch.tick() { queue.threadLost() }
  }

  /// A thread that was asked for could not be made. Where there is no other, what waits for one is answered with 503.
  package func threadFailed() {
    for case .exchange(let exchange, _) in queue.threadFailed() { exchange.post(.fail(.serviceUnavailable)) }
  }

  /// Raises `exception` in the thread of a call that has been silent for too long, if it is still at it.
  package func interrupt(_ report: CallWatch.Report, _ bridge: WSGIBridge, _ python: Attached) {
    guard report.slot.interrupt(report.exchange) else { return }
    python.raise(bridge.requestTimeout, inThread: report.threadIdentifier)
  }

  package func stop() {
    queue.close()
  }
}

private final class EntryPoint: PythonCallable {
  /// Nanoseconds. A GIL that is free is taken in far less.
  private static let longWait: UInt64 = 300_000
  /// And for how long one turn keeps it that stands in the way of others.
  private static let longTurn: UInt64 = 1_000_000

  private let workers: PythonWorkers
  private let applications: [WSGIApplication]
  private let bridge: WSGIBridge

  init(_ workers: PythonWorkers, _ applications: [WSGIApplication], _ bridge: WSGIBridge) {
    self.workers = workers
    self.applications = applications
    self.bridge = bridge
  }

  override func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    let queue = workers.queue
    TimeSlice.shorten()
    let thread = PythonThread(bridge, queue)
    let slot = thread.slot
    workers.watch.add(slot)
    defer { workers.watch.remove(slot) }
    var hasWaited = false
    /// For how long the thread has waited for the GIL, in nanoseconds, while hardly any other work was begun.
    var wait: UInt64 = 0
    while true {
      // A thread that was started, like one that was woken, is the candidate.
      var isCandidate = true
      while let work = queue.next(asCandidate: isCandidate, hasWaited: hasWaited) {
        (isCandidate, hasWaited) = (false, false)
        if wait > 0 {
          bridge.switchInterval.observing(python, wait: wait) { perform(work, thread, python) }
          wait = 0
        } else {
          bridge.switchInterval.expire(python)
          perform(work, thread, python)
        }
        // A child of a fork in close(), for one: it must not take the server's work.
        bridge.leaveIfForked(python)
        // Another one has its place.
        if slot.isWrittenOff { return python.none() }
      }
      var woken: UInt64 = 0
      var taken: UInt64 = 0
      let goesOn = python.detached {
        defer { (woken, taken) = (ExactTime.now, queue.takenCount) }
        return queue.park()
      }
      guard goesOn else { return python.none() }
      let waited = ExactTime.now - woken
      hasWaited = waited > Self.longWait
      // Where many others have had their turn meanwhile, nobody stands in the way.
      let others = queue.takenCount &- taken
      wait = hasWaited && (others == 0 || waited / (others + 1) > Self.longTurn) ? waited : 0
    }
  }

  private func perform(_ work: consuming Work, _ thread: PythonThread, _ python: Attached) {
    switch consume work {
    case .exchange(let exchange, _): perform(exchange, thread, python)
    case .close(let iterable): close(iterable, thread.slot, python)
    }
  }

  private func perform(_ exchange: consuming Exchange, _ thread: PythonThread, _ python: Attached) {
    guard !exchange.isCancelled else { return }
    let application = applications[exchange.applicationIndex]
    let call = WSGICall(application, exchange, thread)
    thread.slot.begin(call.response.exchange, application)
    call.run(python)
    // The slot does not own what it points to.
    let isInterrupted = withExtendedLifetime(call) { thread.slot.end() }
    // What it has not raised by now belongs to no request any more.
    if isInterrupted { python.raise(nil, inThread: thread.slot.identifier) }
  }

  private func close(_ iterable: ResponseIterable, _ slot: CallSlot, _ python: Attached) {
    if let exchange = iterable.exchange, let application = iterable.application {
      slot.begin(exchange, application)
    }
    defer { if slot.end() { python.raise(nil, inThread: slot.identifier) } }
    guard let object = iterable.take() else { return }
    bridge.close(object.reference, of: iterable.exchange, in: iterable.application, python)
  }
}
