/// How the files of one static route are found and described.
///
/// ``set(_:)`` is the only way in: from the command line now, and option by option from a configuration file.
package struct StaticOptions: Sendable, Equatable {
  /// Something that is said of the files whose names match a pattern; of all of them without one.
  package struct Rule<Value: Sendable & Equatable>: Sendable, Equatable {
    package let pattern: String?
    package let value: Value
  }

  /// What becomes of a request that no file answers.
  package enum Missing: Sendable, Equatable {
    /// It goes on to the application.
    case fallThrough
    /// 404, with a page from beneath the directory or the server's own.
    case notFound(page: String?)
  }

  /// What becomes of a request for a name that begins with a dot.
  package enum Dotfiles: String, Sendable, CaseIterable {
    /// As if it were not there.
    case ignore
    /// 403.
    case deny
    case allow
  }

  /// Which symbolic links are followed. None ever leads out of the directory.
  package enum Symlinks: String, Sendable, CaseIterable {
    case beneath
    /// Those that belong to the owner of what they point to.
    case owner
    case never
  }

  package enum Expiry: Sendable, Equatable {
    /// So many seconds after the response.
    case after(Int64)
    /// Never fresh.
    case epoch
  }

  package struct Field: Sendable, Equatable {
    package let name: String
    package let value: String
  }

  package internal(set) var index = ["index.html"]
  package internal(set) var tries: [String] = []
  package internal(set) var missing = Missing.fallThrough
  package internal(set) var fallback: String?
  package internal(set) var listsDirectories = false
  package internal(set) var cacheControl: [Rule<String>] = []
  /// Names that stand for one content for ever: by pattern, or those with a hash in them for nil.
  package internal(set) var immutable: [String?] = []
  package internal(set) var expires: [Rule<Expiry>] = []
  package internal(set) var headers: [Rule<Field>] = []
  package internal(set) var types: [Rule<String>] = []
  package internal(set) var defaultType: String?
  package internal(set) var charset: String? = "utf-8"
  package internal(set) var sendsNosniff = false
  package internal(set) var dotfiles = Dotfiles.ignore
  package internal(set) var symlinks = Symlinks.beneath
  package internal(set) var methods = ["GET", "HEAD"]
  package internal(set) var sendsEntityTag = true
  package internal(set) var maxRanges = 32
  /// Codings of neighbours that are sent in the place of their files.
  package internal(set) var precompressed: [CompressionList.Coding] = []
  /// Codings in which forms of the files are made.
  package internal(set) var compress: [CompressionList.Coding] = []
  package internal(set) var isWarm = false
  /// Bytes per second of each response.
  package internal(set) var limitRate: ByteCount?

  package init() {}
}
