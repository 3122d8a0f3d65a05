/// A CPython that was found and asked about itself.
package struct PythonInterpreter: Sendable, Equatable {
  /// The absolute path to give to `Py_BytesMain` as `argv[0]`: the one inside the virtual environment, with no
  /// symbolic link followed, because CPython finds `pyvenv.cfg`, and so the prefix, beside it.
  package let executable: String

  /// Exactly its `sys.version`, and so what `Py_GetVersion()` of its library must say.
  package let version: String

  package let versionInfo: Version

  /// Its `sys.abiflags`: "t" for a free-threaded build, "d" for a debug one.
  package let abiFlags: String

  /// Where its standard library is.
  package let basePrefix: String

  /// The virtual environment, or `basePrefix` outside of one.
  package let prefix: String

  package let isFreeThreaded: Bool

  /// The absolute path of its shared libpython, or nothing if none is to be found: then the server can only
  /// run inside of it.
  package let library: String?

  /// Whether CPython is linked into its executable. Code in there is faster than the same code in a shared library, which
  /// has to be position-independent: by 14 % of the instructions of a Flask request on Debian's 3.11.
  package let isLinkedStatically: Bool

  package let chosenBy: InterpreterChoice

  package struct Version: Sendable, Equatable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int
    package let micro: Int

    package var description: String { "\(major).\(minor).\(micro)" }

    package static func < (left: Version, right: Version) -> Bool {
      (left.major, left.minor, left.micro) < (right.major, right.minor, right.micro)
    }
  }
}

/// What made an interpreter the one to use. The description continues a sentence: "Python 3.11.2 from …".
package enum InterpreterChoice: Sendable, Equatable, CustomStringConvertible {
  case option
  case virtualEnvironment
  case localEnvironment
  case path

  package var description: String {
    switch self {
    case .option: "--python"
    case .virtualEnvironment: "$VIRTUAL_ENV"
    case .localEnvironment: "./.venv"
    case .path: "PATH"
    }
  }
}
