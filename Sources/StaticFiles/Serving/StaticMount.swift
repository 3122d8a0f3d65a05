import HTTPCore

/// A directory served under a path.
package struct StaticMount: Sendable {
  let prefix: PathPrefix
  let root: FileRoot
  /// For ordering: the most specific one is asked first.
  let specificity: Int

  /// - Parameters:
  ///   - prefix: decoded and normalised, beginning with a slash.
  ///   - directory: has to be there now; what it is then, it stays.
  package init(prefix: String, directory: String) throws(FileRootError) {
    self.prefix = PathPrefix(prefix)
    root = try FileRoot(path: directory)
    specificity = prefix.utf8.count
  }
}
