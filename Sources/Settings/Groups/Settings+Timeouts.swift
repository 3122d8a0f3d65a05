import ArgumentParser

extension Settings {
  /// How long anybody may take.
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
}

extension Seconds {
  fileprivate static let zero = Seconds(.zero)
  fileprivate static let shortest = Seconds(.milliseconds(10))
  fileprivate static let day = Seconds(.seconds(86400))
}
