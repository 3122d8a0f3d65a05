import CLinux
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
  let bridge: WSGIBridge
  let logger: Logger
  private let files: StaticFileHandler?
  let mainThread: MainThreadEvents
  private let sockets: [BoundSocket]

  init(
    _ startup: Startup,
    settings: Settings,
    applications: borrowing PythonTuple,
    support: PythonReference,
    mainThread: MainThreadEvents,
    _ python: Attached
  ) throws(PythonRaised) {
    let logger = startup.logger
    let watch = CallWatch(logger: logger, stackSignal: Self.stackSignal) { mainThread.post(.hasReports) }
    let workers = PythonWorkers(limits: settings.workLimits, watch: watch, logger: logger) {
      mainThread.post(.wantsThread)
    }
    bridge = try WSGIBridge(
      support: support,
      isMultithreaded: settings.server.threads > 1,
      sendsInternalFiles: !startup.internalMounts.isEmpty,
      compression: settings.compressionPolicy,
      hasFixedSwitchInterval: settings.python.switchInterval != nil,
      softwareName: "martlet/\(Settings.version)",
      logger: logger,
      python
    )
    var wsgi: [WSGIApplication] = []
    for (index, mount) in settings.mounts.enumerated() {
      guard let callable = applications[index] else { continue }
      wsgi.append(
        try WSGIApplication(
          bridge,
          callable: callable,
          name: mount.application,
          prefix: mount.prefix,
          streamsRequests: mount.streamsRequests ?? settings.server.streamsRequests,
          timeout: (mount.timeout ?? settings.timeouts.request).duration.nanoseconds,
          timeoutOption: mount.timeout == nil ? "--timeout" : "timeout of --mount \(mount.prefix)",
          python
        )
      )
    }
    var handlers: [any ExchangeHandler] = []
    files =
      startup.mounts.isEmpty ? nil : StaticFileHandler(startup.mounts, memory: settings.staticMemory)
    if let files { handlers.append(files) }
    handlers.append(WSGIHandler(workers, wsgi))
    http = HTTPServer(
      configuration: settings.serverConfiguration(trusting: startup.trustedProxies),
      handlers: handlers,
      internalFiles: startup.internalMounts.isEmpty ? nil : InternalFiles(startup.internalMounts),
      observer: startup.accessSink.map { AccessLog($0) },
      logger: logger
    )
    self.logger = logger
    self.workers = workers
    self.mainThread = mainThread
    sockets = startup.sockets
    entryPoint = workers.entryPoint(for: wsgi, bridge)
    shortestBound = min(wsgi.map(\.timeout).filter { $0 > 0 }.min() ?? .max, settings.workLimits.waitingTime)
  }

  /// Upon this signal a thread writes its Python stack to the log. Above those that glibc keeps for itself, and
  /// away from the first and last ones, which programs like to take.
  static let stackSignal = martlet_sigrtmin() + 11

  /// Nanoseconds.
  private let shortestBound: UInt64

  func listen() throws {
    try http.listen(on: sockets)
    let interval = min(max(shortestBound / 8, 10_000_000), 1_000_000_000)
    http.repeatEvery(nanoseconds: interval) { [workers] in workers.tick() }
    for socket in sockets { logger.info("Listening at: \(socket.url)") }
    if let files { http.offload { [http, logger] in files.warmUp(http.headWriter, logger) } }
  }

  /// A thread that was asked for could not be made.
  func threadFailed(_ reason: String) {
    logger.error("No Python thread could be started: \(reason). What is there goes on.")
    workers.threadFailed()
  }

  func drain() {
    http.drain { [mainThread] in mainThread.post(.hasDrained) }
  }

  /// What is left is cut, and the Python threads go home.
  ///
  /// - Returns: how many requests were cut.
  func close() -> Int {
    let cut = http.abortConnections()
    files?.close()
    workers.watch.stop()
    workers.stop()
    for socket in sockets { socket.removeSocketFile() }
    return cut
  }
}
