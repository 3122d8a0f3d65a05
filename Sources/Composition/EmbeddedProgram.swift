import CLinux
import Glibc
import PythonRuntime
import Settings

/// The program `martlet`: finds the Python to run and becomes its host, or its guest.
package enum EmbeddedProgram {
  /// - Parameter arguments: the command line, without the program's name.
  /// - Returns: the exit status.
  package static func run(_ arguments: [String]) -> Int32 {
    StandardDescriptors.ensureOpen()
    let settings: Settings
    switch Settings.parse(arguments) {
    case .run(let parsed): settings = parsed
    case .exit(let text, let toStandardError, let code):
      Terminal.print(text, toStandardError: toStandardError)
      return code
    }
    let folder = Environment.workingDirectory
    do throws(StartError) {
      // Before anything is started, while there is one thread: as PID 1, the server is a child of this process.
      try InitProcess.takeOverIfNeeded()
      try ProcessSettings.apply(settings)
      let interpreter = try findInterpreter(settings)
      Startup.shared.settings = settings
      Startup.shared.chosenBy = "\(interpreter.chosenBy)"
      guard try isEmbedded(interpreter, settings.python.shape) else {
        throw try HostedProgram.replaceProcess(
          interpreter,
          arguments,
          startedIn: folder,
          mayEmbed: settings.python.shape == .auto && interpreter.library != nil
        )
      }
      return EmbeddedInterpreter.run(
        executable: interpreter.executable,
        command: """
          import _martlet; \
          exec(compile(_martlet.bootstrap(), '<martlet>', 'exec'), g := {'__name__': 'martlet.bootstrap'}); \
          g['main']()
          """,
        module: "_martlet",
        initializer: { MartletModule.initialize() }
      )
    } catch {
      Terminal.print("Error: \(error.message)", toStandardError: true)
      return 1
    }
  }

  private static func findInterpreter(_ settings: Settings) throws(StartError) -> PythonInterpreter {
    do throws(DiscoveryError) {
      return try InterpreterDiscovery.find(
        option: settings.python.interpreter?.description,
        environment: Environment.all,
        workingDirectory: Environment.workingDirectory
      )
    } catch {
      throw StartError("\(error)")
    }
  }

  /// Whether Python is to run inside of this program. If so, its library has been loaded.
  private static func isEmbedded(
    _ interpreter: PythonInterpreter,
    _ shape: ProcessShape
  ) throws(StartError) -> Bool {
    switch shape {
    case .hosted: return false
    case .auto where prefersHosted(interpreter): return false
    case .auto, .embedded: break
    }
    guard let library = interpreter.library else {
      Startup.shared.hostedBecause = "it has no shared libpython"
      if shape == .embedded { throw cannotEmbed(interpreter) }
      return false
    }
    // Whatever is in doubt about a library, the interpreter itself is never wrong: then we run inside of it.
    do throws(PythonLibrary.LoadError) {
      try PythonLibrary.load(path: library, version: interpreter.version)
      return true
    } catch {
      Startup.shared.hostedBecause = "\(error)"
      if shape == .embedded { throw cannotEmbed(interpreter) }
      return false
    }
  }

  /// Whether it is the faster shape, and nothing is lost by it.
  private static func prefersHosted(_ interpreter: PythonInterpreter) -> Bool {
    // It has been tried, and the server could not be loaded.
    if let reason = getenv("MARTLET_EMBEDDED_BECAUSE").map({ String(cString: $0) }) {
      unsetenv("MARTLET_EMBEDDED_BECAUSE")
      Startup.shared.embeddedBecause = reason
      return false
    }
    // A program whose file has capabilities (`setcap`) would lose them by becoming the interpreter.
    guard interpreter.isLinkedStatically, martlet_is_privileged() == 0 else { return false }
    switch HostedProgram.library() {
    case .whole: return true
    case .missing: return false
    case .damaged(let path):
      Startup.shared.embeddedBecause = "\(path) is not whole: copy it again"
      return false
    }
  }

  private static func cannotEmbed(_ interpreter: PythonInterpreter) -> StartError {
    StartError(
      """
      Cannot embed Python \(interpreter.versionInfo) (\(interpreter.executable)): \
      \(Startup.shared.hostedBecause ?? "it has no shared libpython").
      Leave --shape embedded out, install the interpreter's shared library (Debian: libpython3-dev), or choose another \
      with --python.
      """
    )
  }
}

/// Why the server can't start: a whole message, with its remedy.
struct StartError: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
