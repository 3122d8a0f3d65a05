/// Options of Gunicorn's that this version does not have, so that someone who moves over is told so plainly.
///
/// An option leaves this table when it comes to `Settings`: a test fails for one that is in both.
enum GunicornOption {
  /// What to do without each option; empty where there is nothing better than to leave it out.
  static let remedies: [String: String] = {
    var remedies = withoutRemedy.reduce(into: [:]) { $0[$1] = "" }
    for (names, remedy) in withRemedy {
      for name in names { remedies[name] = remedy }
    }
    return remedies
  }()

  private static let withRemedy: [([String], String)] = [
    (["-w", "--workers"], "There is one process: --threads says how many requests run at once."),
    (["-k", "--worker-class"], "There is one kind of worker: --threads says how many requests run at once."),
    (["--worker-connections"], "Connections take no thread here and need no number."),
    (["-c", "--config"], "Give the options on the command line."),
    (["-D", "--daemon"], "Run it under systemd or another supervisor."),
    (["-u", "--user", "-g", "--group", "--initgroups"], "Start it as the user that it is to run as."),
    (["--certfile", "--keyfile", "--ca-certs", "--ciphers"], "Put a server that does TLS in front."),
    (["--access-logformat"], "The format is Gunicorn's default one."),
    (["-v"], "Ask with --version."),
    (["--reload"], "Restart the process to load new code."),
    (["--preload"], "Leave it out: the application is loaded before the first request as it is."),
    (["-p", "--pid"], "A supervisor such as systemd knows the process without a file."),
  ]

  private static let withoutRemedy = [
    "--backlog", "--capture-output", "--casefold-http-method", "--cert-reqs", "--check-config",
    "--disable-redirect-access-to-syslog", "--do-handshake-on-connect", "--dogstatsd-tags",
    "-R", "--enable-stdio-inheritance", "--forwarder-headers",
    "--log-config", "--log-config-dict", "--log-config-json", "--log-syslog", "--log-syslog-facility",
    "--log-syslog-prefix", "--log-syslog-to", "--logger-class", "--max-requests", "--max-requests-jitter",
    "-n", "--name", "--no-sendfile", "--paste", "--paste-global", "--paster", "--permit-obsolete-folding",
    "--permit-unconventional-http-method", "--permit-unconventional-http-version",
    "--print-config", "--reload-engine",
    "--reload-extra-file", "--reuse-port", "--spew", "--ssl-version", "--statsd-host", "--statsd-prefix",
    "--strip-header-spaces", "--suppress-ragged-eofs", "-m", "--umask", "--worker-tmp-dir",
  ]

  /// The message for the first argument that is such an option, with its value joined on (`--workers=4`, `-w4`) or
  /// not.
  static func explanation(among arguments: [String]) -> String? {
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("-") {
      let name =
        argument.hasPrefix("--") ? String(argument.prefix { $0 != "=" }) : String(argument.prefix(2))
      guard let remedy = remedies[name] else { continue }
      let message = "Unknown option '\(name)': Gunicorn has it, martlet \(Settings.version) does not."
      return remedy.isEmpty ? message : "\(message) \(remedy)"
    }
    return nil
  }
}
