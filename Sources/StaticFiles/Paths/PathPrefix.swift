import HTTPCore

/// The part of the URL space that a directory is served under. It matches whole segments only: `/static` is no prefix
/// of `/static../settings.py`, nor of `/statics`.
package struct PathPrefix: Sendable, Equatable {
  /// Without a slash at the end: empty for "/".
  let bytes: [UInt8]

  var description: String { bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self) }

  /// - Parameter path: Decoded and normalised, beginning with a slash. One at its end makes no difference.
  package init(_ path: String) {
    self.bytes = Array(path.hasSuffix("/") ? path.utf8.dropLast() : path.utf8[...])
  }

  /// What follows the prefix in a path, or nil if the path is not beneath it.
  package func remainder(of path: RequestPath) -> RelativePath? {
    guard path.bytes.starts(with: bytes) else { return nil }
    let rest = path.bytes[bytes.count...]
    guard let first = rest.first else { return RelativePath(rest) }
    return first == ASCII.slash ? RelativePath(rest.dropFirst()) : nil
  }
}
