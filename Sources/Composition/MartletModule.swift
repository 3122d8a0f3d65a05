import CLinux
import Glibc
import HTTPServer
import Logging
import PythonRuntime
import Settings

/// The extension module `_martlet`: what the bootstrap (python/martlet/bootstrap.py) calls.
package enum MartletModule {
  /// `PyInit__martlet`, in both shapes.
  package static func initialize() -> UnsafeMutableRawPointer? {
    PythonModule.create(
      "_martlet",
      functions: [
        (
          "bootstrap",
          Function { _, python throws(PythonRaised) in try python.string(EmbeddedInterpreter.bootstrapSource)
          }
        ),
        ("version", Function(version)),
        ("configure", Function(configure)),
        ("prepare", Function(prepare)),
        ("abandon", Function(abandon)),
        ("serve", Function(serve)),
        ("work", Function(work)),
        ("take_event", Function(takeEvent)),
        ("thread_failed", Function(threadFailed)),
        ("take_reports", Function(takeReports)),
        ("log", Function(log)),
        ("drain", Function(drain)),
        ("close", Function(close)),
        ("start_failed", Function(startFailed)),
        ("signal_ignored", Function(signalIgnored)),
        ("reopen_logs", Function(reopenLogs)),
        ("flush", Function(flush)),
        ("forked", Function(forked)),
      ]
    )
  }

  /// The same inside of an interpreter that runs already: its C API is taken from the process.
  package static func initializeHosted() -> UnsafeMutableRawPointer? {
    do throws(PythonLibrary.LoadError) {
      try PythonLibrary.useHost()
      return initialize()
    } catch {
      // Without the C API there is no way to raise.
      Terminal.print("Error: \(error)", toStandardError: true)
      return nil
    }
  }

  private final class Function: PythonCallable {
    typealias Body = (PythonArguments, Attached) throws(PythonRaised) -> PythonObject
    private let body: Body

    init(_ body: @escaping Body) {
      self.body = body
    }

    override func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject
    {
      try body(arguments, python)
    }
  }

  /// Raised as RuntimeError; the bootstrap prints the message and leaves.
  private static func raised(_ error: StartError, _ python: Attached) -> PythonRaised {
    python.raise(.runtimeError, error.message)
  }
}

// MARK: - Start

extension MartletModule {
  /// `version() -> str`: the server's, which must be the program's.
  private static func version(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    try python.string(Settings.version)
  }

  /// `configure(arguments: list[str] | None, chosen_by: str | None) -> dict`: reads the command line, unless the program
  /// has done so. A mistake in it, or a question such as --help, is answered here, and the process left. `chosen_by` is
  /// given where the program has become this interpreter: the process is in its directory and has its environment then.
  private static func configure(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let startup = Startup.shared
    if let list = arguments[0], !list.isNone {
      let words = try strings(in: list, python)
      switch Settings.parse(words) {
      case .run(let parsed): startup.settings = parsed
      case .exit(let text, let toStandardError, let code):
        Terminal.print(text, toStandardError: toStandardError)
        exit(code)
      }
      if let choice = arguments[1], !choice.isNone {
        startup.chosenBy = choice.string(python)
        ProcessTitle.set(["martlet"] + words)
      } else if let settings = startup.settings {
        do throws(StartError) {
          try ProcessSettings.apply(settings)
        } catch {
          throw raised(error, python)
        }
      }
    }
    guard let settings = startup.settings else {
      throw python.raise(.runtimeError, "_martlet is loaded by martlet itself; run: python -m martlet")
    }
    let result = try PythonDictionary(python)
    try result.set("applications", python.list(settings.mounts.map(\.application)), python)
    try result.set("stack_signal", python.integer(Int64(RunningServer.stackSignal)), python)
    try result.set("search_path", python.list(settings.python.searchPath?.directories ?? []), python)
    let environment = try PythonDictionary(python)
    for variable in settings.python.environment {
      try environment.set(variable.name, python.fileSystemString(variable.value), python)
    }
    let environmentObject = environment.take()
    try result.set("environment", environmentObject, python)
    try result.set(
      "switch_interval_ns",
      settings.python.switchInterval.map { interval throws(PythonRaised) in
        try python.integer(Int64(interval.duration.nanoseconds))
      } ?? python.none(),
      python
    )
    try result.set(
      "graceful_timeout_ms",
      python.integer(Int64(settings.timeouts.graceful.duration.nanoseconds / 1_000_000)),
      python
    )
    return result.take()
  }

  /// `prepare(python: str) -> int`: opens logs, directories and addresses, and returns the error log's descriptor.
  /// `python` says which Python this is, for the log.
  private static func prepare(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    do throws(StartError) {
      try Startup.shared.prepare(pythonName: arguments[0]?.string(python) ?? "unknown")
    } catch {
      throw raised(error, python)
    }
    return try python.integer(Int64(Startup.shared.errorSink?.descriptor ?? 2))
  }

  /// `abandon()`: the application can't be loaded, so nothing is left behind of what was prepared.
  private static func abandon(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    Startup.shared.abandon()
    return python.none()
  }

  /// `serve(applications, support, wake_up_descriptor)`: starts to accept. The applications are those of `configure()`,
  /// in its order.
  private static func serve(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let startup = Startup.shared
    guard let settings = startup.settings, let applications = arguments[0], let support = arguments[1],
      let descriptor = arguments[2]?.integer(python).flatMap(CInt.init(exactly:))
    else { throw python.raise(.typeError, "serve() takes applications, their support and a descriptor") }
    let callables = try PythonTuple(copying: applications, python)
    let server = try RunningServer(
      startup,
      settings: settings,
      applications: callables,
      support: support,
      mainThread: MainThreadEvents(descriptor: descriptor),
      python
    )
    startup.running = server
    let failure: String? = python.detached {
      do {
        try server.listen()
        return nil
      } catch {
        return "\(error)"
      }
    }
    if let failure { throw python.raise(.runtimeError, "cannot accept connections: \(failure)") }
    martlet_release_start_up_pages()
    return python.none()
  }

  /// `work()`: what a Python thread does all its life.
  private static func work(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    guard let running = Startup.shared.running else { return python.none() }
    return try running.entryPoint.call(arguments, python)
  }

  /// `take_event() -> int`: what the main thread is to do next, or 0.
  private static func takeEvent(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    try python.integer(Int64(Startup.shared.running?.mainThread.take()?.rawValue ?? 0))
  }

  /// `thread_failed(reason: str)`: the operating system has no thread for us.
  private static func threadFailed(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let reason = arguments[0]?.string(python) ?? "unknown reason"
    Startup.shared.running?.threadFailed(reason)
    return python.none()
  }
}

// MARK: - Silent calls

extension MartletModule {
  /// `take_reports() -> [(thread, message, interrupt)]`: calls that have been silent for too long. `interrupt()`, where it
  /// is no None, raises RequestTimeout in the thread, if it is still at it.
  private static func takeReports(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let list = try python.list([])
    guard let running = Startup.shared.running else { return list }
    for report in running.workers.watch.takeReports() {
      let thread = try python.integer(Int64(bitPattern: UInt64(report.threadIdentifier)))
      let message = try python.string(report.message)
      let interrupt =
        report.isExpired
        ? try python.function(
          interruptName,
          Function { _, python throws(PythonRaised) in
            running.workers.interrupt(report, running.bridge, python)
            return python.none()
          }
        )
        : python.none()
      // Bound, and not a part of the call: a reference keeps nothing alive.
      let entry = try python.tuple(thread.reference, message.reference, interrupt.reference)
      try list.reference.append(entry.reference, python)
    }
    return list
  }

  private static let interruptName = PythonFunctionName("interrupt")

  /// `log(level: str, text: str)`: a record of the bootstrap's; the level is one of swift-log's.
  private static func log(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let level = arguments[0]?.string(python).flatMap { Logger.Level(rawValue: $0) } ?? .error
    Startup.shared.logger.log(level: level, "\(arguments[1]?.string(python) ?? "a text that is none")")
    return python.none()
  }
}

// MARK: - Stop

extension MartletModule {
  /// `drain(signal: str)`: stops accepting and lets requests finish; the end is told through the pipe.
  private static func drain(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    guard let running = Startup.shared.running else { return python.none() }
    running.logger.info(
      "Stopping on \(arguments[0]?.string(python) ?? "request"): finishing what is under way"
    )
    running.drain()
    return python.none()
  }

  /// `close()`: cuts what is left and sends the Python threads home.
  private static func close(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    guard let running = Startup.shared.running else { return python.none() }
    let cut = python.detached { running.close() }
    if cut > 0 {
      let subject = cut == 1 ? "1 request was" : "\(cut) requests were"
      running.logger.warning("The graceful timeout has passed: \(subject) cut")
    }
    return python.none()
  }

  /// `start_failed(message: str)`: a copy of the message for an error log that is a file.
  private static func startFailed(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let startup = Startup.shared
    if let sink = startup.errorSink, sink.descriptor != 2, let message = arguments[0]?.string(python) {
      startup.logger.critical("\(message)")
    }
    return python.none()
  }

  /// `signal_ignored(name: str)`: the log says why nothing happens.
  private static func signalIgnored(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let name = arguments[0]?.string(python) ?? "a signal"
    Startup.shared.logger.warning(
      "\(name) has no effect in this version: to load new code, restart the process"
    )
    return python.none()
  }

  /// `reopen_logs()`: log files are opened anew by their names, for logrotate.
  private static func reopenLogs(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let startup = Startup.shared
    python.detached {
      startup.accessSink?.reopen()
      startup.errorSink?.reopen()
    }
    startup.logger.info("Log files reopened")
    return python.none()
  }

  /// `flush()`: waits until the logs are written.
  private static func flush(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    let startup = Startup.shared
    python.detached {
      startup.accessSink?.flush()
      startup.errorSink?.flush()
    }
    return python.none()
  }
}

// MARK: - Forked processes

extension MartletModule {
  /// `forked()`: this process was forked by the application, and is not the server.
  private static func forked(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    ForkedProcess.enter()
    ServerDescriptors.closeAll()
    return python.none()
  }
}

// MARK: - Values

extension MartletModule {
  private static func strings(in list: PythonReference, _ python: Attached) throws(PythonRaised) -> [String] {
    let items = try PythonTuple(copying: list, python)
    return (0..<items.count).compactMap { items[$0]?.string(python) }
  }

}
