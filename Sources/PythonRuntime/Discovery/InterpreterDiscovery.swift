import Glibc

/// Finds the Python that an application is to run on, and asks it about itself.
///
/// The order is `--python`, `$VIRTUAL_ENV`, `./.venv`, `python3` on `PATH`. Whichever of them is there decides: a
/// broken one is an error, never a reason to run the application on another Python than the one it was set up for.
package enum InterpreterDiscovery {
  /// - Parameters:
  ///   - option: The value of `--python`: an interpreter's file, a command on `PATH`, or a virtual environment.
  ///   - environment: Read for `VIRTUAL_ENV` and `PATH`, and handed to the interpreter.
  ///   - workingDirectory: An absolute path, where `.venv` and relative paths are looked up.
  ///     The interpreter itself is started in the directory of this process.
  ///   - deadline: How long the interpreter may take to answer.
  package static func find(
    option: String?,
    environment: [String: String],
    workingDirectory: String,
    deadline: Duration = .seconds(10)
  ) throws(DiscoveryError) -> PythonInterpreter {
    let search = InterpreterSearch(environment: environment, workingDirectory: workingDirectory)
    let candidate = try search.candidate(option: option)
    let answer = try InterpreterProbe.ask(
      candidate,
      environment: environment,
      deadline: deadline
    )
    guard answer.implementation == "cpython" else {
      throw .otherImplementation(candidate.path, by: candidate.choice, name: answer.implementation)
    }
    guard answer.versionInfo >= oldestVersion else {
      throw .tooOld(candidate.path, by: candidate.choice, version: answer.versionInfo)
    }
    let executable = candidate.executable(answer: answer)
    return PythonInterpreter(
      executable: executable,
      version: answer.version,
      versionInfo: answer.versionInfo,
      abiFlags: answer.abiFlags,
      basePrefix: answer.basePrefix,
      prefix: FilePaths.environment(of: executable) ?? answer.prefix,
      isFreeThreaded: answer.abiFlags.contains("t"),
      library: answer.libraryCandidates.first(where: FilePaths.isSharedObject),
      isLinkedStatically: answer.isLinkedStatically,
      chosenBy: candidate.choice
    )
  }

  private static let oldestVersion = PythonInterpreter.Version(major: 3, minor: 9, micro: 0)
}

/// An executable that may be a Python, and why it was picked.
struct InterpreterCandidate: Equatable {
  /// Absolute, with no symbolic link followed.
  let path: String
  let choice: InterpreterChoice

  /// A file on `PATH`, or one that `--python` names, may be a stand-in (a shim of pyenv's, a shell script) that
  /// starts another: that one is meant. The interpreter of a virtual environment stands for itself.
  func executable(answer: InterpreterAnswer) -> String {
    let isOther = answer.executable.hasPrefix("/") && FilePaths.isExecutable(answer.executable)
    return FilePaths.environment(of: path) == nil && isOther ? answer.executable : path
  }
}

/// The places where an interpreter may be.
struct InterpreterSearch {
  let environment: [String: String]
  let workingDirectory: String

  func candidate(option: String?) throws(DiscoveryError) -> InterpreterCandidate {
    if let option { return try named(option) }

    if let directory = environment["VIRTUAL_ENV"], !directory.isEmpty {
      return try interpreter(in: absolute(directory), by: .virtualEnvironment)
    }
    let local = absolute(".venv")
    // The name is also used for other things, such as a file with an environment's name in it.
    if FilePaths.exists("\(local)/pyvenv.cfg") || FilePaths.exists("\(local)/bin") {
      return try interpreter(in: local, by: .localEnvironment)
    }
    guard let path = command("python3") else {
      throw .nothingFound(places: ["$VIRTUAL_ENV (not set)", local, "python3 on PATH (\(searchPath))"])
    }
    return InterpreterCandidate(path: path, choice: .path)
  }

  private func named(_ name: String) throws(DiscoveryError) -> InterpreterCandidate {
    let path = absolute(name)
    if FilePaths.isDirectory(path), name.contains("/") || FilePaths.interpreter(in: path) != nil {
      return try interpreter(in: path, by: .option)
    }
    if name.contains("/") {
      guard FilePaths.exists(path) else { throw .notThere(name, by: .option) }
      guard FilePaths.isExecutable(path) else { throw .notExecutable(path, by: .option) }
      return InterpreterCandidate(path: path, choice: .option)
    }
    guard !name.isEmpty, let found = command(name) else { throw .notThere(name, by: .option) }
    return InterpreterCandidate(path: found, choice: .option)
  }

  private func interpreter(
    in directory: String,
    by choice: InterpreterChoice
  ) throws(DiscoveryError) -> InterpreterCandidate {
    guard let path = FilePaths.interpreter(in: directory) else {
      throw .noInterpreter(directory: directory, by: choice)
    }
    return InterpreterCandidate(path: path, choice: choice)
  }

  private func command(_ name: String) -> String? {
    searchPath.split(separator: ":", omittingEmptySubsequences: false)
      .lazy
      .map { absolute($0.isEmpty ? name : "\($0)/\(name)") }
      .first(where: FilePaths.isExecutable)
  }

  private var searchPath: String { environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }

  /// Nothing but the start is changed: resolving `..` by text would be wrong behind a symbolic link.
  private func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    let relative = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    return workingDirectory.hasSuffix("/")
      ? "\(workingDirectory)\(relative)" : "\(workingDirectory)/\(relative)"
  }
}
