import Glibc
import PythonRuntime

/// The hosted shape: the chosen interpreter runs, and loads the server as an extension module. It is the way for
/// interpreters that have no shared libpython.
enum HostedProgram {
  /// File names of the extension module, as it may lie beside the program.
  private static let libraryNames = ["libMartletHost.so", "libmartlet.so"]

  /// Becomes the interpreter. It returns only where that failed.
  static func replaceProcess(
    _ interpreter: PythonInterpreter,
    _ arguments: [String]
  ) throws(StartError) -> StartError {
    let reason = Startup.shared.hostedBecause ?? "it has no shared libpython"
    guard let library = findLibrary(beside: Environment.executable) else {
      throw StartError(
        """
        Cannot run inside Python \(interpreter.versionInfo) (\(interpreter.executable)): \(reason),
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
      g['main'](sys.argv[2:], is_prepared=True)
      """
    let words = [interpreter.executable, "-c", command, library] + arguments
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
