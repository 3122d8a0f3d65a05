import HTTPCore

/// How the files of one route are found and described: everything that is decided once, at the start.
///
/// It is put together by ``Composition`` from the route's options, and does not change while requests come. What goes
/// out with every response is kept as the bytes that go out.
package struct StaticPolicy: Sendable {
  /// What becomes of a request that no file answers.
  package enum Missing: Sendable {
    /// It goes on to the next handler.
    case fallThrough
    /// 404, with this page from beneath the root or a plain one.
    case notFound(page: RelativePath?)
  }

  /// What becomes of a request for a name that begins with a dot.
  package enum Dotfiles: Sendable {
    case ignore, deny, allow
  }

  /// Names of files that stand for their directory, in the order in which they are tried.
  package var index = ["index.html"]
  /// What is looked for in turn; empty for the path itself.
  package var tries: [TryPattern] = []
  package var missing = Missing.fallThrough
  /// The file for navigations that nothing else answers: of an application of one page, which does its own routing.
  package var fallback: RelativePath?
  package var listsDirectories = false
  package var dotfiles = Dotfiles.ignore
  package var types = MediaTypes.standard
  package var sendsEntityTag = true
  package var answersOptions = false
  package var sendsNosniff = false
  /// Most ranges of one request; beyond it is answered with the whole file.
  package var maxRanges = 32
  package var codings = CodingPolicy()
  /// Whether the files are read into memory at the start.
  package var isWarm = false
  /// Bytes per second of each response; nil for no limit.
  package var rate: Int64?

  /// Types by patterns that are more than an extension.
  var patternTypes: [(pattern: NamePattern?, value: [UInt8])] = []
  var freshness: [FreshnessRule] = []
  /// Fields of every response with a file, or about one (304), and of redirects to directories.
  private(set) var commonFields = HeaderBlock()
  private var patternFields: [(pattern: NamePattern, fields: HeaderBlock)] = []

  package init() {}

  /// The methods of a resource, for `Allow`.
  var allow: StaticString { answersOptions ? "GET, HEAD, OPTIONS" : "GET, HEAD" }

  /// RFC 9110 14.3
  var acceptRanges: HeaderBlock { maxRanges > 0 ? Self.acceptsBytes : Self.acceptsNone }

  private static let acceptsBytes = acceptRanges("bytes")
  private static let acceptsNone = acceptRanges("none")

  private static func acceptRanges(_ unit: StaticString) -> HeaderBlock {
    var fields = HeaderBlock()
    fields.append(name: "Accept-Ranges", value: unit)
    return fields
  }
}

// MARK: - Fields and types

extension StaticPolicy {
  /// Adds a field to responses, for files of a pattern or for all.
  package mutating func addField(
    name: String,
    value: String,
    for pattern: NamePattern?
  ) throws(StaticPolicyError) {
    var fields = HeaderBlock()
    try fields.appendChecked(name, value)
    if let pattern {
      patternFields.append((pattern, fields))
    } else {
      commonFields.append(fields)
    }
  }

  /// Gives the files of a pattern another type.
  package mutating func setType(_ type: String, for pattern: NamePattern?) throws(StaticPolicyError) {
    var check = HeaderBlock()
    try check.appendChecked("Content-Type", type)
    if let name = pattern?.fileExtension {
      types.set(type, forExtension: name)
    } else {
      patternTypes.append((pattern, Array(type.utf8)))
    }
  }

  /// The value of `Content-Type` for the file at a path.
  func mediaType(of path: RelativePath) -> [UInt8] {
    for (pattern, value) in patternTypes where pattern?.matches(path) ?? true { return value }
    return types.type(of: path)
  }

  /// Whether responses with a file are the same until it changes.
  func isConstant(for path: RelativePath) -> Bool {
    rate == nil && freshness.first { $0.scope.includes(path) }?.expiresAfter == nil
  }

  /// Adds what the route says of a file with each response, 304 among them.
  func appendFields(to fields: inout HeaderBlock, for path: RelativePath, now: Int64) {
    fields.append(commonFields)
    for rule in patternFields where rule.pattern.matches(path) { fields.append(rule.fields) }
    freshness.first { $0.scope.includes(path) }?.append(to: &fields, now: now)
  }

  /// On everything that a route answers but the errors of whole requests: on its 404 too, whose content is chosen by the path.
  func appendNosniff(to fields: inout HeaderBlock) {
    if sendsNosniff { fields.append(name: "X-Content-Type-Options", value: "nosniff" as StaticString) }
  }
}

/// A field that cannot be sent. The description is the end of a sentence.
package struct StaticPolicyError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}

extension HeaderBlock {
  mutating func appendChecked(_ name: String, _ value: String) throws(StaticPolicyError) {
    do throws(HeaderFault) {
      let name = Array(name.utf8)
      try appendChecked(name: name.span.bytes, value: Array(value.utf8).span.bytes)
    } catch {
      throw StaticPolicyError("the header '\(name): \(value)' can't be sent: \(error)")
    }
    var isOwn = contentLength != nil
    forEachField { known, _ in isOwn = isOwn || Self.serversOwn.contains(known) }
    guard !isOwn else { throw StaticPolicyError("the header '\(name)' is the server's to send") }
  }

  /// What describes a file, and would come twice.
  private static let serversOwn: Set<KnownField> = [
    .date, .etag, .lastModified, .acceptRanges, .contentRange, .contentEncoding, .location,
  ]
}
