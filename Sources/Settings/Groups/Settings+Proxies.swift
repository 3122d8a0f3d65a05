import ArgumentParser

extension Settings {
  /// Whose word on a request's client is taken.
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
      """
      Load balancers that speak the PROXY protocol, in the form of --forwarded-allow-ips (default: \(PeerList.local))
      """,
      value: "peers"
    )
    var givenProxyProtocol: PeerList?

    package var proxyProtocol: PeerList { givenProxyProtocol ?? .local }

    package init() {}
  }
}
