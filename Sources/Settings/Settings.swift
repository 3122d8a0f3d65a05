import ArgumentParser

/// Everything that can be told to Martlet on its command line.
///
/// Each property below is the one definition of its option: name, type, bounds, default and meaning. The
/// names and meanings are Gunicorn's where Gunicorn has the option.
package struct Settings: ParsableCommand {
  package static let version = "0.1.0"

  package static let configuration = CommandConfiguration(
    commandName: "martlet",
    abstract: "Serve a Python WSGI application, and its static files, over HTTP.",
    usage: "martlet APP [options]",
    version: "martlet \(version)"
  )

  @Argument(
    help: ArgumentHelp(
      """
      The application: package.module:callable, package.module:factory(), package.module, \
      or the path of a .py file, with or without :name. Not needed beside --mount.
      """,
      valueName: "APP"
    ),
    transform: { text in try NonEmptyText(parsing: text).description }
  )
  package var application: String?

  @OptionGroup(title: "Server")
  package var server: Server

  @OptionGroup(title: "Compression")
  package var compression: Compression

  @OptionGroup(title: "Proxies")
  package var proxies: Proxies

  @OptionGroup(title: "Python")
  package var python: Python

  @OptionGroup(title: "Logs")
  package var logs: Logs

  @OptionGroup(title: "Timeouts")
  package var timeouts: Timeouts

  @OptionGroup(title: "Limits")
  package var limits: Limits

  package init() {}

  package mutating func validate() throws {
    var prefixes: Set<String> = []
    for route in server.staticRoutes where !prefixes.insert(route.prefix).inserted {
      throw ValidationError(
        "Two --static options have the prefix '\(route.prefix)': it can name one directory"
      )
    }
    prefixes = []
    for mount in mounts where !prefixes.insert(mount.prefix).inserted {
      throw ValidationError("Two applications have the prefix '\(mount.prefix)': it can name one of them")
    }
    prefixes = []
    for directory in server.internalDirectories where !prefixes.insert(directory.prefix).inserted {
      throw ValidationError(
        "Two --internal options have the name '\(directory.prefix)': it can name one directory"
      )
    }
    guard !mounts.isEmpty else { throw ValidationError(Self.missingApplication) }
  }

  static let missingApplication =
    "APP is missing: the application to serve, for example martlet app:app\nUsage: martlet APP [options]"

  /// Every application with the path it is under: APP under "/".
  package var mounts: [ApplicationMount] {
    (application.map { [ApplicationMount(prefix: "/", application: $0)] } ?? []) + server.mounts
  }
}

extension Settings {
  package struct Server: ParsableArguments {
    @Option(
      name: [.customShort("b", allowingJoined: true), .long],
      """
      Where to listen: HOST:PORT, [IPV6]:PORT, :PORT (every interface), PORT (127.0.0.1), unix:PATH \
      or fd://N. Port 0 takes a free one. Repeatable.
      """,
      value: "address"
    )
    package var bind: [BindAddress] = [.tcp(host: "127.0.0.1", port: 8000)]

    @Option(
      name: .customLong("socket-mode"),
      "Permissions of the files of Unix sockets, in octal",
      value: "mode"
    )
    package var socketMode: FileMode = FileMode(0o666)

    @Option(
      name: .customLong("socket-owner"),
      "Who owns the files of Unix sockets: USER, USER:GROUP or :GROUP, by name or number. Unset, the server's user does.",
      value: "owner"
    )
    package var socketOwner: FileOwner?

    @Option(
      within: 1...4096,
      "How many requests the application may be running at once, each on a Python thread"
    )
    package var threads: Int = 1

    @Option(
      name: .customLong("static"),
      """
      Serve the files beneath DIR under PREFIX, as in /static=./static; or one file at a path. Options of the route \
      follow after commas, as in /=./dist,spa,immutable: \(StaticOptions.names). docs/static-files.md has them all. \
      Repeatable.
      """,
      value: "PREFIX=DIR"
    )
    package var staticRoutes: [StaticRoute] = []

    @Option(
      name: .customLong("mount"),
      """
      Serve another application under PREFIX, as in /shop=shop:app. The longest prefix wins. Options of its own \
      follow after commas: stream, timeout=SECONDS. Repeatable.
      """,
      value: "PREFIX=APP"
    )
    package var mounts: [ApplicationMount] = []

    @Option(
      name: .customLong("internal"),
      """
      Let applications have the files beneath DIR sent, by X-Accel-Redirect: /NAME/file or X-Sendfile: \
      DIR/file. Repeatable.
      """,
      value: "NAME=DIR"
    )
    package var internalDirectories: [InternalDirectory] = []

    @Flag(
      name: .customLong("stream-requests"),
      help: "Call the application before the request's body is whole; it reads what comes, as it comes."
    )
    package var streamsRequests = false

    package init() {}
  }

  package struct Compression: ParsableArguments {
    @Option(
      name: .customLong("compress"),
      """
      Compress what the application answers: br, zstd and gzip, in the order of preference, each with a level if \
      you like, as in br,zstd,gzip:6. Unset, nothing is.
      """,
      value: "codings"
    )
    package var codings: CompressionList?

    @Option(
      name: .customLong("compress-types"),
      "Media types worth compressing, separated by commas",
      value: "types"
    )
    package var types: MediaTypeList = .compressible

    @Option(
      name: .customLong("compress-min-size"),
      within: ByteCount(0)...ByteCount(1 << 30),
      "Smallest content that is compressed"
    )
    package var minimumSize: ByteCount = ByteCount(1 << 10)

    package init() {}
  }

  package struct Proxies: ParsableArguments {
    @Option(
      name: .customLong("forwarded-allow-ips"),
      """
      Proxies whose X-Forwarded-For, -Proto, -Host and -Prefix, or Forwarded, are believed: addresses, blocks \
      such as 10.0.0.0/8, unix, or *, separated by commas. Unset, it is $FORWARDED_ALLOW_IPS, then \
      127.0.0.1,::1,unix.
      """,
      value: "peers"
    )
    package var forwarding: PeerList?

    @Flag(
      name: .customLong("proxy-protocol"),
      help: "Expect the PROXY protocol (version 1 or 2) at the start of connections from --proxy-allow-from."
    )
    package var usesProxyProtocol = false

    @Option(
      name: .customLong("proxy-allow-from"),
      "Load balancers that speak the PROXY protocol, in the form of --forwarded-allow-ips",
      value: "peers"
    )
    package var proxyProtocol: PeerList = .local

    package init() {}
  }

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

  package struct Timeouts: ParsableArguments {
    @Option(
      name: [.customShort("t"), .customLong("timeout")],
      within: .zero ... .day,
      "Time that the application may take before it sends something; 0 sets no bound"
    )
    package var request: Seconds = Seconds(.seconds(30))

    @Option(
      name: .customLong("queue-timeout"),
      within: .shortest ... .day,
      "Longest wait of a request for a Python thread; then it is answered with 503"
    )
    package var queue: Seconds = Seconds(.seconds(30))

    @Option(
      name: .customLong("graceful-timeout"),
      within: .zero ... .day,
      "Time that requests have to finish after a signal to stop"
    )
    package var graceful: Seconds = Seconds(.seconds(30))

    @Option(
      within: .zero ... .day,
      "Time that an idle connection is kept for another request; 0 closes it after each"
    )
    package var keepAlive: Seconds = Seconds(.seconds(75))

    @Option(
      name: .customLong("header-timeout"),
      within: .shortest ... .day,
      "Time that a client has to send a whole request head"
    )
    package var header: Seconds = Seconds(.seconds(60))

    @Option(
      name: .customLong("body-timeout"),
      within: .shortest ... .day,
      "Longest pause of a client between two pieces of a request body"
    )
    package var body: Seconds = Seconds(.seconds(60))

    @Option(
      name: .customLong("send-timeout"),
      within: .shortest ... .day,
      "Longest pause of a client in taking a response"
    )
    package var send: Seconds = Seconds(.seconds(60))

    package init() {}
  }

  package struct Limits: ParsableArguments {
    @Option(
      name: .customLong("limit-request-line"),
      within: 64...65536,
      "Longest request line, in bytes",
      value: "bytes"
    )
    package var requestLine: Int = 8190

    @Option(name: .customLong("limit-request-fields"), within: 1...32768, "Most header fields of a request")
    package var requestFields: Int = 100

    @Option(
      name: .customLong("limit-request-field_size"),
      within: 64...65536,
      "Longest header field of a request, in bytes",
      value: "bytes"
    )
    package var requestFieldSize: Int = 8190

    @Option(
      name: .customLong("limit-request-head"),
      within: ByteCount(1 << 10)...ByteCount(16 << 20),
      "Most bytes of all header fields of a request together; never less than one field may have"
    )
    package var requestHead: ByteCount = ByteCount(64 << 10)

    @Option(
      name: .customLong("limit-trailers"),
      within: ByteCount(0)...ByteCount(1 << 20),
      "Most bytes of the trailers behind a chunked body, which are checked and dropped"
    )
    package var trailers: ByteCount = ByteCount(8190)

    @Option(
      name: .customLong("limit-chunk-extensions"),
      within: ByteCount(0)...ByteCount(16 << 20),
      "Most bytes of all chunk extensions of one body, which are checked and dropped"
    )
    package var chunkExtensions: ByteCount = ByteCount(64 << 10)

    @Option(
      name: .customLong("max-request-body"),
      within: ByteCount(1)...ByteCount(1 << 40),
      "Largest request body; k, m and g stand for KiB, MiB and GiB"
    )
    package var requestBody: ByteCount = ByteCount(1 << 30)

    @Option(
      name: .customLong("body-buffer"),
      within: ByteCount(0)...ByteCount(1 << 30),
      "Largest request body kept in memory; a larger one goes to a temporary file"
    )
    package var bodyBuffer: ByteCount = ByteCount(256 << 10)

    @Option(
      name: .customLong("response-buffer"),
      within: ByteCount(1 << 10)...ByteCount(1 << 30),
      "How far a streaming response may run ahead of its client"
    )
    package var responseBuffer: ByteCount = ByteCount(1 << 20)

    @Option(
      name: .customLong("static-cache"),
      within: ByteCount(0)...ByteCount(1 << 40),
      "Memory for small static files and compressed forms of others; 0 keeps none"
    )
    package var staticCache: ByteCount = ByteCount(32 << 20)

    @Option(
      name: .customLong("static-cache-file"),
      within: ByteCount(0)...ByteCount(1 << 30),
      "Largest static file that is kept in memory; larger ones are the kernel's to send"
    )
    package var staticCacheFile: ByteCount = ByteCount(64 << 10)

    @Option(
      name: .customLong("queue-limit"),
      within: 1...1_000_000,
      "Most requests that wait for a Python thread; one more is answered with 503"
    )
    package var queue: Int = 1000

    @Option(
      name: .customLong("rate-limit"),
      """
      Requests that one client may make, as in 100/s or 30/m,burst=10; more are answered with 429. Unset, \
      there is no limit.
      """,
      value: "rate"
    )
    package var rate: RequestRate?

    @Option(
      name: .customLong("rate-limit-by"),
      "Field that tells clients apart for --rate-limit, where a proxy of --forwarded-allow-ips sends it.",
      value: "field"
    )
    package var rateField: NonEmptyText?

    @Option(
      name: .customLong("limit-connections"),
      within: 0...1_000_000,
      "Most connections at once; 0 sets no bound but that of open files"
    )
    package var connections: Int = 0

    @Option(
      name: .customLong("limit-connections-per-client"),
      within: 0...1_000_000,
      "Most connections of one address (IPv6: of one network of 64 bits); 0 sets no bound"
    )
    package var connectionsPerClient: Int = 0

    @Option(
      name: .customLong("keep-alive-requests"),
      within: 1...1_000_000_000,
      "Requests after which a connection is closed"
    )
    package var requestsPerConnection: Int = 10_000

    @Option(
      name: .customLong("min-rate"),
      within: ByteCount(0)...ByteCount(1 << 30),
      """
      Bytes per second that a client has to send of a body, or to take of a response, on average after five \
      seconds; 0 sets no bound
      """
    )
    package var minimumRate: ByteCount = ByteCount(240)

    package init() {}
  }
}

extension Seconds {
  fileprivate static let zero = Seconds(.zero)
  fileprivate static let shortest = Seconds(.milliseconds(10))
  fileprivate static let day = Seconds(.seconds(86400))
}
