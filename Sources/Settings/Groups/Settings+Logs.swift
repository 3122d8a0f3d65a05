import ArgumentParser

extension Settings {
  /// Where records go, and which are kept.
  package struct Logs: ParsableArguments {
    @Option(
      name: .customLong("access-logfile"),
      "File for one line per request; - is standard output. Unset, there is none.",
      value: "file"
    )
    package var access: LogDestination?

    @Option(
      name: [.customLong("error-logfile"), .customLong("log-file")],
      "File for errors and the server's own messages; - is standard error",
      value: "file"
    )
    package var errors: LogDestination = .standardStream

    @Option(
      name: .customLong("log-level"),
      "The least severe message kept: debug, info, warning, error or critical",
      value: "level"
    )
    package var level: LogLevel = .info

    package init() {}
  }
}
