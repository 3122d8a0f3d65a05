import Testing

@testable import Settings

@Suite struct SettingsTests {
  @Test func `everything but the application has a default`() throws {
    let settings = try settings("app:app")
    #expect(settings.application == "app:app")
    #expect(settings.server.bind == [.tcp(host: "127.0.0.1", port: 8000)])
    #expect(settings.server.threads == 1)
    #expect(settings.server.staticRoutes == [])
    #expect(settings.python.interpreter == nil)
    #expect(settings.python.workingDirectory == nil)
    #expect(settings.python.searchPath == nil)
    #expect(settings.python.environment == [])
    #expect(settings.python.switchInterval == nil)
    #expect(settings.logs.access == nil)
    #expect(settings.logs.errors == .standardStream)
    #expect(settings.logs.level == .info)
    #expect(settings.mounts.map(\.description) == ["/=app:app"])
    #expect(settings.server.internalDirectories == [])
    #expect(settings.server.streamsRequests == false)
    #expect(settings.proxies.forwarding == nil)
    #expect(settings.proxies.usesProxyProtocol == false)
    #expect(settings.proxies.proxyProtocol == .local)
    #expect(settings.timeouts.request.duration == .seconds(30))
    #expect(settings.timeouts.queue.duration == .seconds(30))
    #expect(settings.limits.queue == 1000)
    #expect(settings.timeouts.graceful.duration == .seconds(30))
    #expect(settings.timeouts.keepAlive.duration == .seconds(75))
    #expect(settings.timeouts.header.duration == .seconds(60))
    #expect(settings.timeouts.body.duration == .seconds(60))
    #expect(settings.timeouts.send.duration == .seconds(60))
    #expect(settings.limits.requestLine == 8190)
    #expect(settings.limits.requestFields == 100)
    #expect(settings.limits.requestFieldSize == 8190)
    #expect(settings.limits.requestHead.bytes == 65_536)
    #expect(settings.limits.trailers.bytes == 8190)
    #expect(settings.limits.chunkExtensions.bytes == 65_536)
    #expect(settings.server.socketOwner == nil)
    #expect(settings.limits.requestBody.bytes == 1_073_741_824)
    #expect(settings.limits.bodyBuffer.bytes == 262_144)
    #expect(settings.limits.pipelineBuffer.bytes == 65_536)
    #expect(settings.server.headerMap == .drop)
    #expect(settings.limits.responseBuffer.bytes == 1_048_576)
  }

  @Test func `server options are read`() throws {
    let settings = try settings(
      "shop.web:create_app()",
      "-b",
      ":80",
      "--bind=unix:/run/shop.sock",
      "-b[::1]:81",
      "--threads",
      "8",
      "--static",
      "/static=./static",
      "--static=/media/=/srv/media"
    )
    #expect(settings.application == "shop.web:create_app()")
    #expect(
      settings.server.bind == [
        .tcp(host: "0.0.0.0", port: 80), .unix(path: "/run/shop.sock"), .tcp(host: "::1", port: 81),
      ]
    )
    #expect(settings.server.threads == 8)
    #expect(settings.server.staticRoutes.map(\.description) == ["/static=./static", "/media=/srv/media"])
  }

  @Test func `Python options are read`() throws {
    let settings = try settings(
      "--python",
      "venv",
      "--chdir",
      "/srv",
      "--pythonpath",
      "lib, src,,",
      "-e",
      "A=1",
      "--env",
      "B=x=y",
      "-e",
      "C=",
      "app"
    )
    #expect(settings.python.interpreter?.description == "venv")
    #expect(settings.python.workingDirectory?.description == "/srv")
    #expect(settings.python.searchPath?.directories == ["lib", "src"])
    #expect(settings.python.environment.map(\.name) == ["A", "B", "C"])
    #expect(settings.python.environment.map(\.value) == ["1", "x=y", ""])
  }

  @Test func `log options are read, a dash standing for the standard stream`() throws {
    let dashes = try settings(
      "app",
      "--access-logfile",
      "-",
      "--error-logfile",
      "-",
      "--log-level",
      "WARNING"
    )
    #expect(dashes.logs.access == .standardStream)
    #expect(dashes.logs.errors == .standardStream)
    #expect(dashes.logs.level == .warning)

    let files = try settings("app", "--access-logfile=access.log", "--log-file=error.log")
    #expect(files.logs.access == .file(path: "access.log"))
    #expect(files.logs.errors == .file(path: "error.log"))
  }

  @Test(arguments: LogLevel.allCases)
  func `every log level is known by its name`(level: LogLevel) throws {
    #expect(try settings("app", "--log-level", level.description).logs.level == level)
  }

  @Test func `timeouts are seconds, with a fraction or not`() throws {
    let settings = try settings(
      "app",
      "--graceful-timeout",
      "0.5",
      "--keep-alive",
      "0",
      "--header-timeout",
      "1.25",
      "--body-timeout",
      "2",
      "--send-timeout=86400"
    )
    #expect(settings.timeouts.graceful.duration == .milliseconds(500))
    #expect(settings.timeouts.keepAlive.duration == .zero)
    #expect(settings.timeouts.header.duration == .milliseconds(1250))
    #expect(settings.timeouts.body.duration == .seconds(2))
    #expect(settings.timeouts.send.duration == .seconds(86400))
  }

  @Test func `limits are numbers and sizes`() throws {
    let settings = try settings(
      "app",
      "--limit-request-line",
      "64",
      "--limit-request-fields",
      "1",
      "--limit-request-field_size",
      "65536",
      "--max-request-body",
      "20M",
      "--body-buffer",
      "0",
      "--response-buffer",
      "2048",
      "--pipeline-buffer=1k"
    )
    #expect(settings.limits.requestLine == 64)
    #expect(settings.limits.requestFields == 1)
    #expect(settings.limits.requestFieldSize == 65536)
    #expect(settings.limits.requestBody.bytes == 20 << 20)
    #expect(settings.limits.bodyBuffer.bytes == 0)
    #expect(settings.limits.responseBuffer.bytes == 2048)
    #expect(settings.limits.pipelineBuffer.bytes == 1024)
  }

  @Test(arguments: [
    ("--threads", ["0", "4097", "-1", "+1", "1.0", "x", "", "99999999999999999999"]),
    ("--bind", ["", "host:", "host:65536", "fd://x"]),
    ("--static", ["", "/static", "static=dir"]),
    ("--python", [""]),
    ("--chdir", [""]),
    ("--pythonpath", ["", " , "]),
    ("--env", ["", "NAME", "=value"]),
    ("--access-logfile", [""]),
    ("--log-level", ["", "loud", "warn"]),
    ("--graceful-timeout", ["", "x", "-1", "1e3", "86401", "1.", ".5", "0.0000000001"]),
    ("--keep-alive", ["86400.1", "nan"]),
    ("--header-timeout", ["0", "0.001"]),
    ("--body-timeout", ["0"]),
    ("--send-timeout", ["0"]),
    ("--limit-request-line", ["0", "63", "65537"]),
    ("--limit-request-fields", ["0", "32769"]),
    ("--limit-request-field_size", ["0", "65537"]),
    ("--max-request-body", ["0", "1.5m", "1t", "k", "9999999999999g", "1025g"]),
    ("--body-buffer", ["2g"]),
    ("--response-buffer", ["0", "1023"]),
    ("--pipeline-buffer", ["0", "1023", "17m", "-1"]),
    ("--header-map", ["", "keep"]),
  ])
  func `a value out of bounds is refused with its option and the reason`(option: String, values: [String])
    throws
  {
    for value in values {
      let text = try refusal(value.isEmpty ? ["app", option, ""] : ["app", "\(option)=\(value)"])
      #expect(text.hasPrefix("Error: The value '\(value)' is invalid for '\(option) <"))
      #expect(text.contains(">': ") && text.hasSuffix("\nSee martlet --help"))
    }
  }

  @Test(arguments: HeaderMap.allCases)
  func `every way with underscores is known by its name, in any case`(way: HeaderMap) throws {
    #expect(try settings("app", "--header-map", way.description.uppercased()).server.headerMap == way)
  }

  @Test(arguments: [
    ("--timeout", "it must be a number of seconds, such as 30 or 0.5"),
    ("-t", "it must be a number of seconds, such as 30 or 0.5"),
    ("--threads", "it must be a whole number, 1 to 4096"),
    ("--max-request-body", "it must be a number of bytes, or of units of 1024: 512, 256k, 20m, 1g"),
    ("--compress-min-size", "it must be a number of bytes, or of units of 1024: 512, 256k, 20m, 1g"),
    ("--switch-interval", "it must be a number of seconds, such as 30 or 0.5"),
  ])
  func `a number below zero is no option`(option: String, reason: String) throws {
    let text = try refusal(["app", option, "-1"])
    #expect(text.hasPrefix("Error: The value '-1' is invalid for '\(option) <"))
    #expect(text.hasSuffix(">': \(reason)\nSee martlet --help"))
  }

  @Test func `one prefix cannot name two directories`() throws {
    let text = try refusal(["app", "--static", "/a=x", "--static", "/a/=y"])
    #expect(text.hasPrefix("Error: Two --static options have the prefix '/a'"))
  }
}
