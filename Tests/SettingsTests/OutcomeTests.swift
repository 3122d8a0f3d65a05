import Testing

@testable import Settings

@Suite struct OutcomeTests {
  @Test func `the version goes to standard output`() {
    guard case .exit(let text, let toStandardError, let code) = Settings.parse(["--version"]) else {
      Issue.record("it did not leave")
      return
    }
    #expect(text == "martlet 0.1.0" && !toStandardError && code == 0)
  }

  @Test(arguments: ["--help", "-h"])
  func `help has every option with its default, and ends with examples`(flag: String) throws {
    guard case .exit(let text, let toStandardError, let code) = Settings.parse([flag], columns: 100) else {
      Issue.record("it did not leave")
      return
    }
    #expect(!toStandardError && code == 0)
    for option in [
      "-b, --bind", "--threads", "--static", "--python", "--chdir", "--pythonpath", "-e, --env",
      "--access-logfile",
      "--error-logfile, --log-file", "--log-level", "--graceful-timeout", "--keep-alive", "--header-timeout",
      "--body-timeout", "--send-timeout", "-t, --timeout", "--queue-timeout", "--mount", "--internal",
      "--stream-requests",
      "--forwarded-allow-ips", "--proxy-protocol", "--proxy-allow-from", "--queue-limit",
      "--limit-request-line", "--limit-request-fields",
      "--limit-request-field_size", "--max-request-body", "--body-buffer", "--pipeline-buffer",
      "--response-buffer", "--header-map", "--compress-types", "--compress-min-size", "--version",
      "-h, --help",
    ] {
      #expect(text.contains("  \(option) <") || text.contains("  \(option) "), "\(option) is not in the help")
    }
    for value in ["127.0.0.1:8000", "info", "30", "75", "8190", "1g", "256k", "1m"] {
      #expect(text.contains("default: \(value)"))
    }
    let examples = try #require(text.firstRange(of: "EXAMPLES:"))
    #expect(text[examples.upperBound...].contains("martlet app:app --static /static=./static"))
  }

  @Test func `an unknown option is answered with the nearest one`() throws {
    #expect(
      try refusal(["app", "--thread", "3"])
        == "Error: Unknown option '--thread'. Did you mean '--threads'?\nSee martlet --help"
    )
    #expect(try refusal(["app", "--acess-logfile=-"]).contains("Did you mean '--access-logfile'?"))
    #expect(try refusal(["app", "--nonsense"]) == "Error: Unknown option '--nonsense'\nSee martlet --help")
  }

  @Test(arguments: [
    ["app", "-w", "4"], ["-w", "4", "app"], ["app", "-w4"], ["app", "--workers=4"],
    ["app", "--workers", "4"],
  ])
  func `an option of Gunicorn's that is not here yet is explained, wherever it stands`(arguments: [String])
    throws
  {
    let text = try refusal(arguments)
    #expect(text.contains("': Gunicorn has it, martlet 0.1.0 does not. There is one process: --threads"))
    #expect(text.hasSuffix("\nSee martlet --help"))
  }

  @Test func `no option is both here and among those that are missing`() {
    guard case .exit(let help, _, _) = Settings.parse(["--help"], columns: 100) else { return }
    for name in GunicornOption.remedies.keys {
      #expect(
        !help.contains("  \(name) ") && !help.contains("  \(name),") && !help.contains(", \(name) "),
        "\(name)"
      )
    }
  }

  @Test func `a missing application is asked for, a second one refused`() throws {
    #expect(try refusal([]).hasPrefix("Error: APP is missing"))
    #expect(try refusal([""]).contains("it must not be empty"))
    #expect(try refusal(["app", "other"]) == "Error: Unexpected argument 'other'\nSee martlet --help")
  }

  @Test func `an option without its value is named`() throws {
    #expect(try refusal(["app", "--threads"]).hasPrefix("Error: Missing value for '--threads <number>'"))
  }

  @Test func `no message shows a type of ours`() throws {
    for arguments in [
      ["app", "--bind=x:y"], ["app", "--static=x"], ["app", "--env=x"], ["app", "--threads=x"],
    ] {
      let text = try refusal(arguments)
      for name in ["Settings", "BindAddress", "InvalidValue", "StaticRoute", "Optional", "Error("] {
        #expect(!text.contains(name))
      }
    }
  }
}
