import Glibc
import HTTPServer
import Logging
import Observability
import PythonRuntime
import Settings
import StaticFiles
import WSGI

/// A server that is up: front end, application and Python threads.
///
/// `@unchecked` for the entry point alone: a callable of Python's, which any attached thread may call.
final class RunningServer: @unchecked Sendable {
  let http: HTTPServer
  let workers: PythonWorkers
  let entryPoint: PythonCallable
  let logger: Logger
  private let wakeUp: WakeUpPipe
  private let sockets: [BoundSocket]

  init(
    _ startup: Startup,
    settings: Settings,
    application: PythonReference,
    support: PythonReference,
    wakeUp: WakeUpPipe,
    _ python: Attached
  ) throws(PythonRaised) {
    let logger = startup.logger
    let workers = PythonWorkers(limit: settings.server.threads) { wakeUp.send(.wantsThread) }
    let wsgi = try WSGIApplication(
      callable: application,
      support: support,
      isMultithreaded: settings.server.threads > 1,
      softwareName: "martlet/\(Settings.version)",
      logger: logger,
      python
    )
    var handlers: [any ExchangeHandler] = []
    if !startup.mounts.isEmpty { handlers.append(StaticFileHandler(startup.mounts)) }
    handlers.append(WSGIHandler(workers))
    http = HTTPServer(
      configuration: settings.serverConfiguration,
      handlers: handlers,
      observer: startup.accessSink.map { AccessLog($0) },
      logger: logger
    )
    self.logger = logger
    self.workers = workers
    self.wakeUp = wakeUp
    sockets = startup.sockets
    entryPoint = workers.entryPoint(for: wsgi)
  }

  func listen() throws {
    try http.listen(on: sockets)
    for socket in sockets { logger.info("Listening at: \(socket.url)") }
  }

  /// A thread that was asked for could not be made.
  func threadFailed(_ reason: String) {
    logger.error("No Python thread could be started: \(reason). What is there goes on.")
    workers.threadFailed()
  }

  func drain() {
    http.drain { [wakeUp] in wakeUp.send(.hasDrained) }
  }

  /// What is left is cut, and the Python threads go home.
  ///
  /// - Returns: how many requests were cut.
  func close() -> Int {
    let cut = http.abortConnections()
    workers.stop()
    for socket in sockets { socket.removeSocketFile() }
    return cut
  }
}

/// How other threads wake the main thread, which waits in Python: one byte in a pipe, where its signals arrive as
/// well (`signal.set_wakeup_fd`).
struct WakeUpPipe: Sendable {
  /// Not the number of a signal: those are below 65. The bootstrap has the same numbers.
  enum Event: UInt8 {
    case wantsThread = 201
    case hasDrained = 202
  }

  let descriptor: CInt

  func send(_ event: Event) {
    var byte = event.rawValue
    // The pipe never blocks, and is never full: there are a handful of events in a process's life.
    while write(descriptor, &byte, 1) < 0, errno == EINTR {}
  }
}
