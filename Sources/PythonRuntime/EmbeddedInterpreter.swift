import CPythonABI
import Glibc

/// CPython's own `main`, run inside this process.
package enum EmbeddedInterpreter {
  /// A module's `PyInit_` function.
  package typealias ModuleInitializer = @convention(c) () -> UnsafeMutableRawPointer?

  /// The Python half of start-up, as source text.
  package static var bootstrapSource: String { String(cString: martlet_bootstrap_source()) }

  /// Runs `python -c command` with `module` built in, and returns the exit status.
  ///
  /// `executable` is the interpreter inside the environment, so that prefix, site, `pyvenv.cfg` and the
  /// `PYTHON*` variables have exactly CPython's own meaning. Call it once, from the process's first thread,
  /// with a library loaded.
  package static func run(
    executable: String,
    command: String,
    module: StaticString,
    initializer: @escaping ModuleInitializer
  ) -> Int32 {
    let typed = unsafeBitCast(initializer, to: (@convention(c) () -> OpaquePointer?).self)
    guard PyImport_AppendInittab(module.cString, typed) == 0 else { return 70 }
    // CPython keeps the pointers; the strings are never freed.
    let strings: [String] = [executable, "-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    arguments.append(nil)
    return arguments.withUnsafeMutableBufferPointer {
      Py_BytesMain(Int32($0.count - 1), $0.baseAddress)
    }
  }
}
