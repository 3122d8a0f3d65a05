extension StaticOptions {
  /// One option of a route: its one definition.
  struct Definition: Sendable {
    typealias Setter =
      @Sendable (inout StaticOptions, _ pattern: String?, _ value: String) throws(InvalidValue) ->
      Void

    let name: String
    /// Whether it may be for some files only: `NAME[PATTERN]`.
    var takesPattern = false
    /// The value that it stands for without one; nil where it needs one.
    var bare: String?
    /// What its value is, for messages.
    var form = ""
    let set: Setter
  }

  /// Sets one option.
  mutating func set(_ option: ListedOption) throws(InvalidValue) {
    guard let definition = Self.definitions.first(where: { $0.name == option.name }) else {
      throw InvalidValue("'\(option.name)' is no option of a static route: there are \(Self.names)")
    }
    guard option.pattern == nil || definition.takesPattern else {
      throw InvalidValue("'\(option.name)' is for all files of a route: it takes no pattern in brackets")
    }
    guard option.pattern?.isEmpty != true else {
      throw InvalidValue("the brackets of '\(option.name)' are empty: a pattern such as *.html belongs there")
    }
    if let value = option.value {
      guard !definition.form.isEmpty else { throw InvalidValue("'\(option.name)' takes no value") }
      guard !value.isEmpty else { throw Self.wrong(definition) }
      try definition.set(&self, option.pattern, value)
    } else if let bare = definition.bare {
      try definition.set(&self, option.pattern, bare)
    } else {
      throw Self.wrong(definition)
    }
  }

  static let names = definitions.map(\.name).joined(separator: ", ")

  private static func wrong(_ definition: Definition) -> InvalidValue {
    let brackets = definition.takesPattern ? " (or \(definition.name)[PATTERN]=…)" : ""
    return InvalidValue("it must be \(definition.name)=\(definition.form)\(brackets)")
  }

  static let definitions: [Definition] = [
    Definition(name: "index", form: "NAME NAME…, or index=off") { options, _, value throws(InvalidValue) in
      options.index =
        value == "off" ? [] : try words(value).map { word throws(InvalidValue) in try name(word) }
    },
    Definition(name: "try", form: "PATTERN PATTERN…, such as try=$uri $uri.html") {
      options,
      _,
      value throws(InvalidValue) in
      var words = words(value)
      if words.last == "=404" {
        words.removeLast()
        options.missing = .notFound(page: nil)
      }
      options.tries = try words.map { word throws(InvalidValue) in try tryPattern(word) }
    },
    Definition(name: "fallthrough", bare: "") { options, _, _ in options.missing = .fallThrough },
    Definition(name: "404", bare: "", form: "FILE") { options, _, value throws(InvalidValue) in
      options.missing = .notFound(page: value.isEmpty ? nil : try relative(value))
    },
    Definition(name: "spa", bare: "index.html", form: "FILE") { options, _, value throws(InvalidValue) in
      options.fallback = try relative(value)
    },
    Definition(name: "autoindex", bare: "") { options, _, _ in options.listsDirectories = true },
    Definition(name: "cache-control", takesPattern: true, form: "VALUE") { options, pattern, value in
      options.cacheControl.append(Rule(pattern: pattern, value: value))
    },
    Definition(name: "immutable", takesPattern: true, bare: "") { options, pattern, _ in
      options.immutable.append(pattern)
    },
    Definition(
      name: "expires",
      takesPattern: true,
      form: "TIME, such as 90s, 15m, 12h, 30d, 1y, max or epoch"
    ) {
      options,
      pattern,
      value throws(InvalidValue) in
      options.expires.append(Rule(pattern: pattern, value: try Expiry(parsing: value)))
    },
    Definition(name: "header", takesPattern: true, form: "NAME: VALUE") {
      options,
      pattern,
      value throws(InvalidValue) in
      options.headers.append(Rule(pattern: pattern, value: try Field(parsing: value)))
    },
    Definition(name: "nosniff", bare: "") { options, _, _ in options.sendsNosniff = true },
    Definition(name: "type", takesPattern: true, form: "MEDIA/TYPE") {
      options,
      pattern,
      value throws(InvalidValue) in
      options.types.append(Rule(pattern: pattern, value: try mediaType(value)))
    },
    Definition(name: "default-type", form: "MEDIA/TYPE") { options, _, value throws(InvalidValue) in
      options.defaultType = try mediaType(value)
    },
    Definition(name: "charset", form: "NAME, or charset=off") { options, _, value throws(InvalidValue) in
      options.charset = value == "off" ? nil : try charset(value)
    },
    Definition(name: "dotfiles", form: choices(of: Dotfiles.self)) { options, _, value throws(InvalidValue) in
      options.dotfiles = try choice(value, "dotfiles")
    },
    Definition(name: "symlinks", form: choices(of: Symlinks.self)) { options, _, value throws(InvalidValue) in
      options.symlinks = try choice(value, "symlinks")
    },
    Definition(name: "methods", form: "GET HEAD, or GET HEAD OPTIONS") {
      options,
      _,
      value throws(InvalidValue) in
      let methods = words(value)
      // RFC 9110 9.1: GET and HEAD are not for a server to refuse.
      guard methods.contains("GET"), methods.contains("HEAD"),
        Set(methods).isSubset(of: ["GET", "HEAD", "OPTIONS"])
      else {
        throw InvalidValue("methods are GET and HEAD, and OPTIONS if you like: methods=GET HEAD OPTIONS")
      }
      options.methods = methods
    },
    Definition(name: "etag", bare: "on", form: "on or off") { options, _, value throws(InvalidValue) in
      guard value == "on" || value == "off" else { throw InvalidValue("etag is on or off") }
      options.sendsEntityTag = value == "on"
    },
    Definition(name: "max-ranges", form: "NUMBER") { options, _, value throws(InvalidValue) in
      guard let number = Int(digits: value), number <= 1000 else {
        throw InvalidValue("max-ranges is a whole number, 0 to 1000")
      }
      options.maxRanges = number
    },
    Definition(name: "precompressed", bare: "br zstd gzip", form: "CODING CODING…, such as br gzip") {
      options,
      _,
      value throws(InvalidValue) in
      options.precompressed = try codings(value)
    },
    Definition(name: "compress", bare: "br zstd gzip", form: "CODING CODING…, such as br gzip") {
      options,
      _,
      value throws(InvalidValue) in
      options.compress = try codings(value)
    },
    Definition(name: "warm", bare: "") { options, _, _ in options.isWarm = true },
    Definition(name: "limit-rate", form: "BYTES per second, such as 500k") {
      options,
      _,
      value throws(InvalidValue) in
      let rate = try ByteCount(parsing: value)
      guard rate >= ByteCount(1024) else { throw InvalidValue("limit-rate is at least 1k: bytes per second") }
      options.limitRate = rate
    },
  ]
}
