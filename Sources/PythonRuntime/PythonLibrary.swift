import CPythonABI
import Glibc

/// CPython's library, loaded into this process, with every function that Martlet calls found in it.
package enum PythonLibrary {
  /// What kept a libpython from being used. Nothing of it has run.
  package enum LoadError: Error, Equatable, CustomStringConvertible {
    case notLoadable(path: String, reason: String)
    case symbolMissing(String, path: String)
    case versionMismatch(path: String, library: String, interpreter: String)

    package var description: String {
      switch self {
      case .notLoadable(let path, let reason):
        "\(path) could not be loaded: \(reason)"
      case .symbolMissing(let name, let path):
        "\(path) has no function \(name): it is no CPython from 3.9 on. Choose another Python with --python."
      case .versionMismatch(let path, let library, let interpreter):
        "\(path) is Python \(library), but the interpreter that was found is \(interpreter)"
      }
    }
  }

  /// Loads the library at `path` and requires it to be exactly the interpreter's version, text for text: a
  /// wrong pairing would run silently on the wrong standard library.
  package static func load(path: String, version: String) throws(LoadError) {
    // Extension modules look for CPython's symbols globally: RTLD_GLOBAL is not a choice.
    guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
      throw .notLoadable(path: path, reason: dlerror().map { String(cString: $0) } ?? "unknown reason")
    }
    try resolve(handle, path: path)
    let found = Py_GetVersion().map { String(cString: $0) } ?? ""
    guard found == version else {
      throw .versionMismatch(path: path, library: found, interpreter: version)
    }
  }

  /// Uses the CPython that has loaded us: the hosted shape.
  package static func useHost() throws(LoadError) {
    try resolve(nil, path: "this Python")
  }

  private static func resolve(_ handle: UnsafeMutableRawPointer?, path: String) throws(LoadError) {
    if let missing = martlet_cpython_load(handle) {
      throw .symbolMissing(String(cString: missing), path: path)
    }
  }
}
