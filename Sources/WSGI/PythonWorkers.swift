import HTTPServer
import PythonRuntime

/// The Python threads that call the application.
///
/// Python makes them itself (`threading.Thread`), so that `threading.local`, names, debuggers and profilers see
/// what they expect; each of them then calls the function of ``entryPoint``.
package final class PythonWorkers: Sendable {
  let queue: WorkQueue

  /// - Parameters:
  ///   - limit: how many threads there may be.
  ///   - startThread: asks for one more; must not block.
  package init(limit: Int, startThread: @escaping @Sendable () -> Void) {
    queue = WorkQueue(threadLimit: limit, startThread: startThread)
  }

  /// What a new thread is to call: it returns when ``stop()`` has been called and nothing is left to do.
  package func entryPoint(for application: WSGIApplication) -> PythonCallable {
    EntryPoint(queue, application)
  }

  /// A thread that was asked for could not be made. Where there is no other, what waits for one is answered with 503.
  package func threadFailed() {
    for case .exchange(let exchange) in queue.threadFailed() { exchange.postPage(.serviceUnavailable) }
  }

  package func stop() {
    queue.close()
  }
}

private final class EntryPoint: PythonCallable {
  private let queue: WorkQueue
  private let application: WSGIApplication

  init(_ queue: WorkQueue, _ application: WSGIApplication) {
    self.queue = queue
    self.application = application
  }

  override func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    let environs = EnvironBuilder(application)
    repeat {
      // A thread that was started, like one that was woken, is the candidate.
      var isCandidate = true
      while let work = queue.next(asCandidate: isCandidate) {
        isCandidate = false
        perform(work, environs, python)
      }
    } while python.detached { queue.park() }
    return python.none()
  }

  private func perform(_ work: Work, _ environs: EnvironBuilder, _ python: Attached) {
    switch work {
    case .exchange(let exchange):
      guard !exchange.isCancelled else { return }
      WSGICall(application, exchange, queue).run(environs, python)
    case .close(let iterable):
      if let object = iterable.take() { application.close(object.reference, requestID: nil, python) }
    }
  }
}
