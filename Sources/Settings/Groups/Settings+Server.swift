import ArgumentParser

extension Settings {
  /// What is served, where, and by how many threads.
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

    @Option(
      name: .customLong("header-map"),
      """
      Fields with an underscore in their name, which applications can't tell from those with a hyphen: drop them, \
      refuse the request, or hand them on (dangerous)
      """,
      value: "way"
    )
    package var headerMap: HeaderMap = .drop

    package init() {}
  }
}
