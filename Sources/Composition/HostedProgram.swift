import Glibc
import PythonRuntime

/// The hosted shape: the chosen interpreter runs, and loads the server as an extension module. It is the faster way where
/// CPython is linked into the interpreter, and the only one where there is no shared libpython.
enum HostedProgram {
  /// File names of the extension module, as it may lie beside the program.
  private static let libraryNames = ["libMartletHost.so", "libmartlet.so"]

  /// Whether the extension module is there.
  static var isAvailable: Bool { findLibrary(beside: Environment.executable) != nil }

  /// Becomes the interpreter. It returns only where that failed.
  static func replaceProcess(
    _ interpreter: PythonInterpreter,
    _ arguments: [String]
  ) throws(StartError) -> StartError {
    guard let library = findLibrary(beside: Environment.executable) else {
      throw StartError(
        """
        Cannot run inside Python \(interpreter.versionInfo) (\(interpreter.executable)): \
        \(Startup.shared.hostedBecause ?? "--shape hosted was asked for"),
        and \(libraryNames[0]), with which it could run the server itself, is not beside the program.
        Install the interpreter's shared library (Debian: libpython3-dev), or choose another with --python.
        """
      )
    }
    let command = """
      import sys, importlib.machinery as m, importlib.util as u; \
      l = m.ExtensionFileLoader('_martlet', sys.argv[1]); \
      s = sys.modules['_martlet'] = u.module_from_spec(u.spec_from_loader('_martlet', l)); \
      l.exec_module(s); \
      exec(compile(s.bootstrap(), '<martlet>', 'exec'), g := {'__name__': 'martlet.bootstrap'}); \
      g['main'](sys.argv[3:], chosen_by=sys.argv[2])
      """
    let words = [interpreter.executable, "-c", command, library, "\(interpreter.chosenBy)"] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    execv(interpreter.executable, pointers)
    return StartError("\(interpreter.executable) could not be started: \(String(cString: strerror(errno)))")
  }

  private static func findLibrary(beside executable: String) -> String? {
    guard let slash = executable.lastIndex(of: "/") else { return nil }
    let directory = executable[...slash]
    return libraryNames.map { directory + $0 }.first { access($0, R_OK) == 0 }
  }
}
