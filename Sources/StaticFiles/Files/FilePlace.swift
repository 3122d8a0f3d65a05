import Glibc

/// Where a single file is that a route is for: its directory, which is opened at the start, and its name there.
struct FilePlace {
  let directory: String
  let name: String

  /// Symbolic links on the way are followed now and never again, as they are on the way to a directory.
  ///
  /// - Returns: nil where no regular file is at the path.
  init?(ofFile path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let real = realpath(path, nil) else {
      return nil
    }
    defer { free(real) }
    let resolved = String(cString: real)
    guard let slash = resolved.lastIndex(of: "/") else { return nil }
    directory = slash == resolved.startIndex ? "/" : String(resolved[..<slash])
    name = String(resolved[resolved.index(after: slash)...])
  }
}
