import Glibc
import PythonRuntime
import Settings

/// The hosted shape: the chosen interpreter runs, and loads the server as an extension module. It is the faster way where
/// CPython is linked into the interpreter, and the only one where there is no shared libpython.
enum HostedProgram {
  /// File names of the extension module, as it may lie beside the program.
  private static let libraryNames = ["libMartletHost.so", "libmartlet.so"]

  /// The extension module beside the program.
  enum Library {
    case missing
    /// A copy of it was broken off: to load it would end the process.
    case damaged(path: String)
    case whole(path: String)
  }

  static func library() -> Library {
    guard let path = findLibrary(beside: Environment.executable) else { return .missing }
    return FilePaths.isWhole(path) ? .whole(path: path) : .damaged(path: path)
  }

  /// Becomes the interpreter. It returns only where that failed.
  ///
  /// - Parameters:
  ///   - folder: The working directory before `--chdir`.
  ///   - mayEmbed: The program is to be tried again, embedded, where the server can't be loaded.
  static func replaceProcess(
    _ interpreter: PythonInterpreter,
    _ arguments: [String],
    startedIn folder: String,
    mayEmbed: Bool
  ) throws(StartError) -> StartError {
    let path: String
    switch library() {
    case .whole(let found): path = found
    case .damaged(let found):
      throw StartError("\(found) is not whole: a copy of it was broken off. Copy it again.")
    case .missing:
      throw StartError(
        """
        Cannot run inside Python \(interpreter.versionInfo) (\(interpreter.executable)): \
        \(Startup.shared.hostedBecause ?? "--shape hosted was asked for"),
        and \(libraryNames[0]), with which it could run the server itself, is not beside the program.
        \(Startup.shared.hostedBecause == nil
          ? "Copy it there, or leave out --shape hosted."
          : "Install the interpreter's shared library (Debian: libpython3-dev), or choose another with --python.")
        """
      )
    }
    let fallback = mayEmbed ? Environment.executable : ""
    let words =
      [interpreter.executable, "-c", loader, path, Settings.version, "\(interpreter.chosenBy)", fallback]
      + [folder] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    execv(interpreter.executable, pointers)
    return StartError("\(interpreter.executable) could not be started: \(String(cString: strerror(errno)))")
  }

  /// What the interpreter runs: it loads the server, and where that fails becomes the program again, to be embedded.
  ///
  /// `sys.argv[1:]` is the library, the version that it must be of, what made the program choose this interpreter, the
  /// program (empty if it can't embed it), where that was started, and the command line.
  private static let loader = """
    import importlib.machinery, importlib.util, os, sys
    library, version, chosen_by, program, folder, *arguments = sys.argv[1:]
    try:
        loader = importlib.machinery.ExtensionFileLoader('_martlet', library)
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader('_martlet', loader))
        sys.modules['_martlet'] = module
        loader.exec_module(module)
        found = getattr(module, 'version', lambda: 'another version')()
        if found != version: raise ImportError(f'it is of {found}, and the program of {version}')
    except Exception as error:
        reason = f'{library} could not be loaded: {error}'
        if not program: sys.exit(f'Error: {reason}')
        os.environ['MARTLET_EMBEDDED_BECAUSE'] = reason
        os.chdir(folder)
        os.execv(program, [program, *arguments])
    bootstrap = {'__name__': 'martlet.bootstrap'}
    exec(compile(module.bootstrap(), '<martlet>', 'exec'), bootstrap)
    bootstrap['main'](arguments, chosen_by=chosen_by)
    """

  private static func findLibrary(beside executable: String) -> String? {
    guard let slash = executable.lastIndex(of: "/") else { return nil }
    let directory = executable[...slash]
    return libraryNames.map { directory + $0 }.first { access($0, R_OK) == 0 }
  }
}
