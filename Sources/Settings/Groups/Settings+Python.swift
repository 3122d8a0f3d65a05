import ArgumentParser

extension Settings {
  /// Which Python runs, and in what surroundings.
  package struct Python: ParsableArguments {
    @Option(
      name: .customLong("python"),
      """
      The Python to run: an interpreter or a virtual environment. Unset, it is $VIRTUAL_ENV, \
      then ./.venv, then python3 on PATH.
      """,
      value: "path"
    )
    package var interpreter: NonEmptyText?

    @Option(
      name: .customLong("shape"),
      """
      embedded: the program loads the interpreter's shared library; hosted: it becomes the interpreter, which loads \
      the server. auto takes what is faster: hosted where CPython is linked into the interpreter, as in Debian's.
      """,
      value: "auto|embedded|hosted"
    )
    package var shape: ProcessShape = .auto

    @Option(name: .customLong("chdir"), "Change to this directory before anything is loaded.", value: "dir")
    package var workingDirectory: NonEmptyText?

    @Option(
      name: .customLong("pythonpath"),
      "Directories, separated by commas, to search for modules first.",
      value: "dirs"
    )
    package var searchPath: DirectoryList?

    @Option(
      name: [.customShort("e"), .customLong("env")],
      "Set a variable of the application's environment. Repeatable.",
      value: "NAME=VALUE"
    )
    package var environment: [EnvironmentVariable] = []

    @Option(
      name: .customLong("switch-interval"),
      within: Seconds(.microseconds(10))...Seconds(.seconds(1)),
      """
      After how long a thread that computes lets another one run (sys.setswitchinterval). Unset, it follows what \
      the requests do: 0.1 ms where short ones wait behind long ones, else 5 ms.
      """
    )
    package var switchInterval: Seconds?

    package init() {}
  }
}
