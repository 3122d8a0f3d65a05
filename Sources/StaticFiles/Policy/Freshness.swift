import HTTPCore

/// For how long a client may keep a file: one rule of a route.
struct FreshnessRule: Sendable {
  enum Scope: Sendable {
    case all
    case named(NamePattern)
    /// Those that have a hash of their content in their name.
    case hashed

    func includes(_ path: RelativePath) -> Bool {
      switch self {
      case .all: true
      case .named(let pattern): pattern.matches(path)
      case .hashed: HashedName.isHashed(path)
      }
    }
  }

  let scope: Scope
  /// `Cache-Control`, and what else is the same for each response.
  let fields: HeaderBlock
  /// Seconds from the response to the date of `Expires`.
  var expiresAfter: Int64?

  func append(to fields: inout HeaderBlock, now: Int64) {
    fields.append(self.fields)
    guard let expiresAfter else { return }
    // HTTPDate keeps within four digits of a year by itself.
    fields.append(name: "Expires", value: HTTPDate.string(now &+ expiresAfter))
  }
}

extension StaticPolicy {
  /// `Cache-Control` for files of a pattern, or for all.
  package mutating func setCacheControl(
    _ value: String,
    for pattern: NamePattern?
  ) throws(StaticPolicyError) {
    var fields = HeaderBlock()
    try fields.appendChecked("Cache-Control", value)
    add(FreshnessRule(scope: pattern.map { .named($0) } ?? .all, fields: fields))
  }

  /// Files that never change: of a pattern, or those that have a hash of their content in their name.
  package mutating func setImmutable(_ pattern: NamePattern?) {
    var fields = HeaderBlock()
    // RFC 8246. A year is what caches take for "for ever" (RFC 9111 suggested it as of old).
    fields.append(name: "Cache-Control", value: "public, max-age=31536000, immutable" as StaticString)
    add(FreshnessRule(scope: pattern.map { .named($0) } ?? .hashed, fields: fields))
  }

  /// `Expires`, and `Cache-Control` for caches that know it, as nginx's directive does it.
  ///
  /// - Parameter seconds: after each response; nil for never fresh.
  package mutating func setExpires(after seconds: Int64?, for pattern: NamePattern?) {
    var fields = HeaderBlock()
    if let seconds {
      fields.append(name: "Cache-Control", value: "max-age=\(seconds)")
    } else {
      fields.append(name: "Expires", value: "Thu, 01 Jan 1970 00:00:01 GMT" as StaticString)
      fields.append(name: "Cache-Control", value: "no-cache" as StaticString)
    }
    add(
      FreshnessRule(scope: pattern.map { .named($0) } ?? .all, fields: fields, expiresAfter: seconds)
    )
  }

  /// The first one that includes a file counts: those with a pattern, then the hash in the name, then those for all.
  private mutating func add(_ rule: FreshnessRule) {
    freshness.insert(rule, at: freshness.firstIndex { $0.scope.rank > rule.scope.rank } ?? freshness.endIndex)
  }
}

extension FreshnessRule.Scope {
  fileprivate var rank: Int {
    switch self {
    case .named: 0
    case .hashed: 1
    case .all: 2
    }
  }
}
