import ArgumentParser

/// What no option can see alone.
extension Settings {
  package mutating func validate() throws {
    guard !mounts.isEmpty else { throw ValidationError(Self.missingApplication) }
    try requireOwnPrefixes()
    try requireCompanions()
  }

  private static let missingApplication =
    "APP is missing: the application to serve, for example martlet app:app\nUsage: martlet APP [options]"

  private func requireOwnPrefixes() throws {
    if let prefix = server.staticRoutes.map(\.prefix).firstRepeated {
      throw ValidationError("Two --static options have the prefix '\(prefix)': it can name one directory")
    }
    if let prefix = mounts.map(\.prefix).firstRepeated {
      throw ValidationError("Two applications have the prefix '\(prefix)': it can name one of them")
    }
    if let name = server.internalDirectories.map(\.prefix).firstRepeated {
      throw ValidationError("Two --internal options have the name '\(name)': it can name one directory")
    }
  }

  /// An option that says how another one does its work is a mistake without it: it would be taken for a limit, or for a
  /// permission, that is in force.
  private func requireCompanions() throws {
    if limits.rateField != nil, limits.rate == nil {
      throw ValidationError("--rate-limit-by says by what --rate-limit counts: give --rate-limit as well")
    }
    if proxies.givenProxyProtocol != nil, !proxies.usesProxyProtocol {
      throw ValidationError(
        "--proxy-allow-from says who speaks the PROXY protocol: give --proxy-protocol as well"
      )
    }
    guard compression.codings == nil, !server.staticRoutes.contains(where: { !$0.options.compress.isEmpty })
    else { return }
    for (option, isGiven) in [
      ("--compress-types", compression.givenTypes != nil),
      ("--compress-min-size", compression.givenMinimumSize != nil),
    ] where isGiven {
      throw ValidationError(
        "\(option) says what is compressed, and nothing is: give --compress, or 'compress' to a --static route"
      )
    }
  }
}

extension [String] {
  fileprivate var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
