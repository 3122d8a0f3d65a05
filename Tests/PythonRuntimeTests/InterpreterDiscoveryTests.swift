import Glibc
import Testing

@testable import PythonRuntime

/// The interpreters of this machine, and stand-ins for broken ones in a directory of each test's own.
///
/// One after another: a script that is written while another test starts a process is "busy" for a moment.
@Suite(.serialized) struct InterpreterDiscoveryTests {
  private static let system = "/usr/bin/python3"

  /// What pyenv has built, from 3.9 on, and Debian's.
  private static let interpreters: [String] = {
    let root = environmentVariable("PYENV_ROOT") ?? "\(environmentVariable("HOME") ?? "/root")/.pyenv"
    let built = (9...20).flatMap { minor in
      (0...30).map { "\(root)/versions/3.\(minor).\($0)/bin/python3" }
    }
    return (built + [system]).filter { access($0, X_OK) == 0 }
  }()

  @Test(arguments: interpreters)
  func `an interpreter tells its version, its prefix and its library`(path: String) throws {
    let python = try InterpreterDiscovery.find(option: path, environment: [:], workingDirectory: "/")
    #expect(python.executable == path)
    #expect(python.chosenBy == .option)
    #expect(python.version.hasPrefix("\(python.versionInfo) "))
    #expect(python.version.contains("[GCC"))
    #expect(python.prefix == python.basePrefix)
    #expect(path.hasPrefix(python.basePrefix))
    #expect(python.isFreeThreaded == python.version.contains("free-threading"))
    let library = try #require(python.library)
    #expect(library.hasPrefix("/") && library.contains("libpython3.\(python.versionInfo.minor)"))
    #expect(access(library, R_OK) == 0)
  }

  @Test(arguments: interpreters)
  func `a virtual environment is found by each way to name it, and keeps its own path`(path: String) throws {
    try withTemporaryDirectory { directory in
      let environment = "\(directory)/.venv"
      try #require(runs([path, "-m", "venv", "--without-pip", environment]))

      let ways: [(InterpreterChoice, String?, [String: String], String)] = [
        (.option, environment, [:], "/"),
        (.option, "\(environment)/bin/python3", [:], "/"),
        (.option, "./.venv", [:], directory),
        (.option, ".venv", ["VIRTUAL_ENV": "/nowhere"], directory),
        (.virtualEnvironment, nil, ["VIRTUAL_ENV": environment], "/"),
        (.localEnvironment, nil, ["PATH": "/nowhere"], directory),
        (.path, nil, ["PATH": "/nowhere:\(environment)/bin:/usr/bin"], "/"),
      ]
      let base = try InterpreterDiscovery.find(option: path, environment: [:], workingDirectory: "/")
      for (choice, option, variables, workingDirectory) in ways {
        let python = try InterpreterDiscovery.find(
          option: option,
          environment: variables,
          workingDirectory: workingDirectory
        )
        #expect(python.executable == "\(environment)/bin/python3")
        #expect(python.prefix == environment)
        #expect(python.basePrefix == base.basePrefix)
        #expect(python.library == base.library)
        #expect(python.version == base.version)
        #expect(python.chosenBy == choice)
      }
    }
  }

  @Test func `the environment that is named comes before the local one, and that before PATH`() throws {
    try withTemporaryDirectory { directory in
      for name in [".venv", "active"] {
        try #require(runs([Self.system, "-m", "venv", "--without-pip", "\(directory)/\(name)"]))
      }
      func found(_ environment: [String: String]) throws -> String {
        try InterpreterDiscovery.find(option: nil, environment: environment, workingDirectory: directory)
          .prefix
      }
      #expect(try found(["VIRTUAL_ENV": "\(directory)/active", "PATH": "/usr/bin"]) == "\(directory)/active")
      #expect(try found(["VIRTUAL_ENV": "", "PATH": "/usr/bin"]) == "\(directory)/.venv")
    }
  }

  @Test func `a stand-in on PATH is replaced by the interpreter that it starts`() throws {
    try withTemporaryDirectory { directory in
      try script("\(directory)/python3", "exec \(Self.system) \"$@\"")
      for option in [nil, "python3", "\(directory)/python3"] {
        let python = try InterpreterDiscovery.find(
          option: option,
          environment: ["PATH": directory],
          workingDirectory: "/"
        )
        #expect(python.executable == Self.system)
      }
    }
  }

  @Test func `pyenv's shim on PATH is replaced by the interpreter that it chooses`() throws {
    let root = "\(environmentVariable("HOME") ?? "/root")/.pyenv"
    guard access("\(root)/shims/python3", X_OK) == 0 else { return }
    let python = try InterpreterDiscovery.find(
      option: nil,
      environment: [
        "PATH": "\(root)/shims:\(root)/bin:/usr/bin:/bin", "HOME": environmentVariable("HOME") ?? "/root",
      ],
      workingDirectory: "/"
    )
    #expect(python.executable.hasPrefix("\(root)/versions/"))
    #expect(python.chosenBy == .path)
  }

  @Test func `an empty or relative entry of PATH is taken from the working directory`() throws {
    try withTemporaryDirectory { directory in
      mkdir("\(directory)/bin", 0o755)
      symlink(Self.system, "\(directory)/bin/python3")
      let python = try InterpreterDiscovery.find(
        option: nil,
        environment: ["PATH": ":bin"],
        workingDirectory: directory
      )
      #expect(python.executable == "\(directory)/bin/python3")
    }
  }

  @Test func `without any Python the message says where it was looked for`() throws {
    try withTemporaryDirectory { directory in
      let text = failure(option: nil, environment: ["PATH": "/nowhere"], workingDirectory: directory)
      #expect(
        text == """
          No Python found. Looked for: $VIRTUAL_ENV (not set), \(directory)/.venv, python3 on PATH (/nowhere).
          Install Python 3.9 or later, or name one with --python.
          """
      )
    }
  }

  @Test func `a broken environment is an error, never a reason to take another Python`() throws {
    try withTemporaryDirectory { directory in
      let active = failure(
        option: nil,
        environment: ["VIRTUAL_ENV": "\(directory)/gone", "PATH": "/usr/bin"],
        workingDirectory: directory
      )
      #expect(
        active.contains("'\(directory)/gone' (from $VIRTUAL_ENV): it has no bin/python that can be run.")
      )

      mkdir("\(directory)/.venv", 0o755)
      mkdir("\(directory)/.venv/bin", 0o755)
      symlink("/nowhere/python3", "\(directory)/.venv/bin/python3")
      let local = failure(option: nil, environment: ["PATH": "/usr/bin"], workingDirectory: directory)
      #expect(local.contains("(from ./.venv): it has no bin/python that can be run. Make .venv again"))
    }
  }

  @Test func `a file named .venv is not an environment`() throws {
    try withTemporaryDirectory { directory in
      try write("\(directory)/.venv", "name-of-an-environment\n", mode: 0o644)
      let python = try InterpreterDiscovery.find(
        option: nil,
        environment: ["PATH": "/usr/bin"],
        workingDirectory: directory
      )
      #expect(python.chosenBy == .path)
    }
  }

  @Test func `what --python names must be there and executable`() throws {
    try withTemporaryDirectory { directory in
      try write("\(directory)/plain", "", mode: 0o644)
      for (option, message) in [
        ("/nowhere/python", "'/nowhere/python' (from --python): there is no such interpreter"),
        ("no-such-command", "'no-such-command' (from --python): there is no such interpreter"),
        ("", "'' (from --python): there is no such interpreter"),
        ("./plain", "'\(directory)/plain' (from --python): it is not a file that may be executed"),
        (directory, "'\(directory)' (from --python): it has no bin/python"),
      ] {
        let text = failure(option: option, environment: ["PATH": "/usr/bin"], workingDirectory: directory)
        #expect(
          text.contains(message) && text.hasSuffix("Give --python an interpreter or a virtual environment.")
        )
      }
    }
  }

  @Test(arguments: [
    ("echo rubbish", "what it prints is not the answer of a Python"),
    (":", "what it prints is not the answer of a Python"),
    (
      "echo one >&2; echo 'no such version' >&2; echo >&2; exit 127",
      "asked for its version: no such version\n"
    ),
    ("exit 3", "asked for its version: exit code 3\n"),
    ("kill -9 $$", "asked for its version: signal 9\n"),
    (
      #"printf 'martlet\0pypy\0003\00010\0001\0v\0\0\0\0\0\0\0\0\0end'"#,
      "it is pypy, and Martlet needs CPython"
    ),
    (
      #"printf 'martlet\0cpython\0003\0008\00018\0v\0\0\0\0\0\0\0\0\0end'"#,
      "it is Python 3.8.18, and Martlet needs 3.9"
    ),
    (#"printf 'martlet\0cpython\0x\0008\00018\0v\0\0\0\0\0\0\0\0\0end'"#, "is not the answer of a Python"),
  ])
  func `an interpreter that gives no good answer is refused with the reason`(body: String, reason: String)
    throws
  {
    try withTemporaryDirectory { directory in
      try script("\(directory)/python3", body)
      let text = failure(option: "\(directory)/python3", environment: [:], workingDirectory: "/")
      #expect(text.contains(reason))
      #expect(text.split(separator: "\n").count <= 2)
    }
  }

  @Test(arguments: ["sleep 60", "sleep 60 & sleep 60", "exec >&- 2>&-; sleep 60", "while :; do echo y; done"])
  func `an interpreter that hangs is ended at the deadline`(body: String) throws {
    try withTemporaryDirectory { directory in
      try script("\(directory)/python3", body)
      let begin = ContinuousClock.now
      let text = failure(
        option: "\(directory)/python3",
        environment: ["PATH": "/usr/bin:/bin"],
        workingDirectory: "/",
        deadline: .milliseconds(200)
      )
      #expect(text.contains("it gave no answer within 0.2 seconds"))
      #expect(ContinuousClock.now - begin < .seconds(20))
    }
  }

  @Test func `what a command leaves behind with its output open is not waited for`() throws {
    try withTemporaryDirectory { directory in
      try script("\(directory)/python3", "sleep 15 & exec \(Self.system) \"$@\"")
      let begin = ContinuousClock.now
      let python = try InterpreterDiscovery.find(
        option: "\(directory)/python3",
        environment: ["PATH": "/usr/bin:/bin"],
        workingDirectory: "/"
      )
      #expect(python.executable == Self.system)
      #expect(ContinuousClock.now - begin < .seconds(9))
    }
  }

  @Test func `a file in no format that the kernel starts is refused`() throws {
    try withTemporaryDirectory { directory in
      try write("\(directory)/python3", "\u{7F}ELF", mode: 0o755)
      let text = failure(option: "\(directory)/python3", environment: [:], workingDirectory: "/")
      #expect(text.contains("it could not be started: Exec format error"))
    }
  }

  @Test func `an old Python is named with its version`() throws {
    let root = "\(environmentVariable("HOME") ?? "/root")/.pyenv/versions"
    for (path, version) in [
      ("\(root)/3.8.18/bin/python3", "3.8.18"), ("\(root)/3.6.15/bin/python3", "3.6.15"),
    ]
    where access(path, X_OK) == 0 {
      let text = failure(option: path, environment: [:], workingDirectory: "/")
      #expect(text.contains("it is Python \(version), and Martlet needs 3.9 or later."))
    }
  }

  @Test
  func
    `a library is looked for where it is configured, then beneath the prefix, and must be a shared object`()
    throws
  {
    try withTemporaryDirectory { directory in
      mkdir("\(directory)/lib", 0o755)
      mkdir("\(directory)/lib64", 0o755)
      try write("\(directory)/lib/libpython3.13.so.1.0", "!<arch>\nthis is a static one", mode: 0o644)
      let shared = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0] as [UInt8]
      try write(
        "\(directory)/lib64/libpython3.13.so.1.0",
        String(decoding: shared, as: UTF8.self),
        mode: 0o644
      )

      let fields = [
        "martlet", "cpython", "3", "13", "0", "3.13.0 (main)", "t", "", directory, directory, "",
        "libpython3.13.so.1.0", "/install/lib", "x86_64-linux-gnu", "end",
      ]
      let answer = try #require(InterpreterAnswer(decoding: Array(fields.joined(separator: "\0").utf8)))
      #expect(
        answer.libraryCandidates == [
          "/install/lib/libpython3.13.so.1.0",
          "/install/lib/x86_64-linux-gnu/libpython3.13.so.1.0",
          "\(directory)/lib/libpython3.13.so.1.0",
          "\(directory)/lib/x86_64-linux-gnu/libpython3.13.so.1.0",
          "\(directory)/lib64/libpython3.13.so.1.0",
        ]
      )
      let found = answer.libraryCandidates.first(where: FilePaths.isSharedObject)
      #expect(found == "\(directory)/lib64/libpython3.13.so.1.0")
    }
  }

  // MARK: Helpers

  private func failure(
    option: String?,
    environment: [String: String],
    workingDirectory: String,
    deadline: Duration = .seconds(10)
  ) -> String {
    do throws(DiscoveryError) {
      let found = try InterpreterDiscovery.find(
        option: option,
        environment: environment,
        workingDirectory: workingDirectory,
        deadline: deadline
      )
      return "found \(found)"
    } catch {
      return error.description
    }
  }

  private func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/martlet-discovery-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { _ = runs(["/bin/rm", "-rf", path]) }
    try body(path)
  }

  private func script(_ path: String, _ body: String) throws {
    try write(path, "#!/bin/sh\n\(body)\n", mode: 0o755)
  }

  private func write(_ path: String, _ text: String, mode: mode_t) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var text = text
    try #require(text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count })
  }

  private func runs(_ command: [String]) -> Bool {
    let result = ShortCommand.run(
      command[0],
      Array(command.dropFirst()),
      environment: ["PATH": "/usr/bin:/bin"],
      deadline: .seconds(120)
    )
    guard case .ended(let ending, _, _) = result else { return false }
    return ending.isSuccess
  }

  private static func environmentVariable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private func environmentVariable(_ name: String) -> String? {
    Self.environmentVariable(name)
  }
}
