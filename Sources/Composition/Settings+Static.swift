import ContentCoding
import HTTPCore
import Settings
import StaticFiles

extension StaticMount {
  /// - Throws: `FileRootError` or `StaticPolicyError`, both of which say what to do.
  convenience init(_ route: StaticRoute, _ settings: Settings) throws {
    let options = route.options
    guard !options.isWarm || settings.limits.staticCache.bytes > 0 else {
      throw StaticPolicyError(
        "warm keeps files in memory, and --static-cache 0 leaves none for them: drop one of them"
      )
    }
    try self.init(
      prefix: route.prefix,
      path: route.path,
      symlinks: SymlinkPolicy(options.symlinks),
      policy: StaticPolicy(options, settings.compression)
    )
    guard isForFile, let option = options.nameOfOneForDirectories else { return }
    throw StaticPolicyError("'\(route.path)' is a file, and \(option) is for directories")
  }
}

extension Settings {
  /// Nil where nothing of the files is kept.
  var staticMemory: StaticMemory? {
    guard limits.staticCache.bytes > 0 else { return nil }
    return StaticMemory(
      FileCache(limit: limits.staticCache.bytes, fileLimit: limits.staticCacheFile.bytes)
    )
  }
}

extension StaticPolicy {
  init(_ options: StaticOptions, _ compression: Settings.Compression) throws(StaticPolicyError) {
    self.init()
    codings = CodingPolicy(
      precompressed: options.precompressed.map { Coding($0) },
      made: options.compress.map { Coding($0) },
      types: MediaTypePatterns(compression.types.patterns),
      minimumSize: Int64(compression.minimumSize.bytes)
    )
    isWarm = options.isWarm
    index = options.index
    tries = options.tries.map { TryPattern($0) }
    if case .notFound(let page) = options.missing {
      missing = .notFound(page: page.map { RelativePath(configured: $0) })
    }
    fallback = options.fallback.map { RelativePath(configured: $0) }
    listsDirectories = options.listsDirectories
    dotfiles =
      switch options.dotfiles {
      case .ignore: .ignore
      case .deny: .deny
      case .allow: .allow
      }
    if options.charset != "utf-8" || options.defaultType != nil {
      types = MediaTypes(
        charset: options.charset,
        fallback: options.defaultType ?? "application/octet-stream"
      )
    }
    sendsEntityTag = options.sendsEntityTag
    answersOptions = options.methods.contains("OPTIONS")
    sendsNosniff = options.sendsNosniff
    maxRanges = options.maxRanges
    rate = options.limitRate.map { Int64($0.bytes) }
    try setFields(options)
  }

  private mutating func setFields(_ options: StaticOptions) throws(StaticPolicyError) {
    for rule in options.types { try setType(rule.value, for: rule.pattern.map { NamePattern($0) }) }
    for rule in options.headers {
      try addField(name: rule.value.name, value: rule.value.value, for: rule.pattern.map { NamePattern($0) })
    }
    for rule in options.cacheControl {
      try setCacheControl(rule.value, for: rule.pattern.map { NamePattern($0) })
    }
    for pattern in options.immutable { setImmutable(pattern.map { NamePattern($0) }) }
    for rule in options.expires {
      let seconds: Int64? = if case .after(let seconds) = rule.value { seconds } else { nil }
      setExpires(after: seconds, for: rule.pattern.map { NamePattern($0) })
    }
  }
}

extension SymlinkPolicy {
  init(_ option: StaticOptions.Symlinks) {
    self =
      switch option {
      case .beneath: .beneath
      case .owner: .owner
      case .never: .never
      }
  }
}
