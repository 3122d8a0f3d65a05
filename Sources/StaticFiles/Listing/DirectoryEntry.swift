/// A line of a listing: a file or a directory that a client could ask for.
struct DirectoryEntry: Sendable, Equatable {
  /// Bytes without a slash or a control character, in UTF-8 or not.
  let name: [UInt8]
  let isDirectory: Bool
  /// Of a file.
  let size: Int64
  /// Seconds since the epoch.
  let modified: Int64
  /// Of a directory: whether it is elsewhere, and a link leads to it.
  var isLink = false
}

/// What there is in a directory.
struct DirectoryContents: Sendable, Equatable {
  var entries: [DirectoryEntry] = []
  /// There is more than a listing may have.
  var isCut = false

  /// Most entries of a listing: it is made anew for each request, and so must have a bound.
  static let limit = 10_000
}
