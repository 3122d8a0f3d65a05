import Glibc
import HTTPCore
import HTTPServer
import Logging
import Observability
import PythonRuntime
import Settings
import StaticFiles
import WSGI

/// How far the process has come. There is one of these, because there is one interpreter in a process.
///
/// Invariant behind `@unchecked`: everything in it is changed by the main thread only: by the program before there is a
/// Python, then by the module's functions that the bootstrap calls. Python threads read `running`, which is set before
/// the first of them is started.
final class Startup: @unchecked Sendable {
  static let shared = Startup()

  var settings: Settings?
  /// What made the program choose this interpreter, where it did.
  var chosenBy: String?
  /// Why the interpreter could not load the server, where that would have been the faster way.
  var embeddedBecause: String?
  /// Why the interpreter's library could not be used.
  var hostedBecause: String?

  var errorSink: LogSink?
  var accessSink: LogSink?
  var sockets: [BoundSocket] = []
  var mounts: [StaticMount] = []
  var internalMounts: [StaticMount] = []
  /// By option or by variable.
  var trustedProxies = TrustedPeers()
  var running: RunningServer?

  /// The log, or one to standard error as long as there is none.
  var logger: Logger {
    let sink = errorSink ?? LogSink(descriptor: 2)
    errorSink = sink
    let level = settings?.logs.level.loggerLevel ?? .info
    return Logger(label: "martlet") { _ in ServerLog(sink, level: level) }
  }

  private init() {}
}

extension Startup {
  /// Checks and opens all that the settings name: what can go wrong goes wrong here, before the application is
  /// loaded and before anybody can connect.
  func prepare(pythonName: String) throws(StartError) {
    do throws(StartError) {
      try open()
      let choice = chosenBy.map { ", from \($0)" } ?? ""
      if let embeddedBecause {
        logger.warning(
          "\(embeddedBecause) (going on with --shape embedded, which is slower with this Python)"
        )
      }
      logger.info("Starting martlet \(Settings.version) with Python \(pythonName)\(choice)")
    } catch {
      abandon()
      throw error
    }
  }

  /// Takes back what `prepare()` has put into the file system.
  func abandon() {
    for socket in sockets { socket.removeSocketFile() }
    sockets = []
  }

  private func open() throws(StartError) {
    guard let settings else { throw StartError("configure() comes first") }
    errorSink = try Self.openSink(settings.logs.errors, standard: 2, option: "--error-logfile")
    if let access = settings.logs.access {
      accessSink = try Self.openSink(access, standard: 1, option: "--access-logfile")
    }
    trustedProxies = try settings.trustedProxies()
    mounts = try settings.server.staticRoutes.map { route throws(StartError) in
      let mount = try Self.mounting(option: "--static PREFIX=DIR") {
        try StaticMount(route, settings)
      }
      for file in mount.missingFiles() {
        logger.warning("There is no file '\(file)' in '\(route.path)', which --static \(route.prefix) names")
      }
      return mount
    }
    internalMounts = try settings.server.internalDirectories.map { directory throws(StartError) in
      try Self.mounting(option: "--internal NAME=DIR") {
        try StaticMount(internal: directory.prefix, directory: directory.directory)
      }
    }
    let access = SocketAccess(
      mode: settings.server.socketMode.bits,
      user: settings.server.socketOwner?.user,
      group: settings.server.socketOwner?.group
    )
    for address in settings.server.bind {
      do throws(ListenError) {
        sockets.append(try BoundSocket.bind(address.listenAddress, access))
      } catch {
        throw StartError("\(error)")
      }
    }
  }

  private static func mounting(
    option: String,
    _ mount: () throws -> StaticMount
  ) throws(StartError) -> StaticMount {
    do {
      return try mount()
    } catch var error as FileRootError {
      error.option = option
      throw StartError("\(error)")
    } catch {
      throw StartError("\(error) (\(option))")
    }
  }

  private static func openSink(
    _ destination: LogDestination,
    standard: CInt,
    option: String
  ) throws(StartError) -> LogSink {
    switch destination {
    case .standardStream: return LogSink(descriptor: standard)
    case .file(let path):
      guard let sink = LogSink(path: path) else {
        throw StartError("cannot open '\(path)' (\(option)): \(errorText(errno))")
      }
      return sink
    }
  }
}
