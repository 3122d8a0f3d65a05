import HTTPCore

/// A directory served under a path, or one file at a path, with the policy of its route.
package final class StaticMount: Sendable {
  let prefix: PathPrefix
  let root: FileRoot
  let policy: StaticPolicy
  /// Where the route is for one file: its name beneath the root. Nothing but the prefix itself leads to it.
  let file: RelativePath?
  /// For ordering: the most specific one is asked first.
  let specificity: Int

  /// - Parameters:
  ///   - prefix: decoded and normalised, beginning with a slash.
  ///   - path: of a directory or a file, which has to be there now. What a directory is then, it stays; a file may be
  ///     replaced by another of its name.
  package init(
    prefix: String,
    path: String,
    symlinks: SymlinkPolicy = .beneath,
    policy: StaticPolicy = StaticPolicy()
  ) throws(FileRootError) {
    self.prefix = PathPrefix(prefix)
    self.policy = policy
    specificity = prefix.utf8.count
    if prefix != "/", let place = FilePlace(ofFile: path) {
      root = try FileRoot(path: place.directory, symlinks: symlinks)
      file = RelativePath(configured: place.name)
    } else {
      root = try FileRoot(path: path, symlinks: symlinks)
      file = nil
    }
  }

  /// A directory whose files are not for clients to ask for.
  package init(internal prefix: String, directory: String) throws(FileRootError) {
    self.prefix = PathPrefix(prefix)
    policy = StaticPolicy()
    specificity = prefix.utf8.count
    root = try FileRoot(path: directory)
    file = nil
  }

  /// Whether it is for one file.
  package var isForFile: Bool { file != nil }

  /// Files that the policy names and that are not there now: a slip of somebody's as a rule, and seen late otherwise.
  package func missingFiles() -> [String] {
    var named = policy.fallback.map { [$0] } ?? []
    if case .notFound(let page?) = policy.missing { named.append(page) }
    return named.filter { path in
      if case .file = root.open(path) { false } else { true }
    }
    .map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// What of the root answers a path, or nil if nothing ever can.
  func target(of path: RequestPath) -> RelativePath? {
    guard let rest = prefix.remainder(of: path) else { return nil }
    guard let file else { return rest }
    return rest.bytes.isEmpty && !path.endsWithSlash ? file : nil
  }
}
