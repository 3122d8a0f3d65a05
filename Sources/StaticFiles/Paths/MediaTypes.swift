import HTTPCore

/// From the name of a file to its media type.
package enum MediaTypes {
  /// The type by the last extension of the path's last segment, in any case. Text types say UTF-8. What is not known
  /// is `application/octet-stream`, which browsers save rather than run.
  ///
  /// Only the last extension counts: `a.html.bin` is no page.
  package static func type(of path: RelativePath) -> String {
    guard let name = path.segments.last, let dot = name.lastIndex(of: UInt8(ascii: ".")),
      dot > name.startIndex
    else { return unknown }
    let suffix = name[(dot + 1)...]
    guard !suffix.isEmpty, suffix.count <= longestExtension else { return unknown }
    return byExtension[String(decoding: suffix.map(\.lowercased), as: UTF8.self)] ?? unknown
  }

  private static let unknown = "application/octet-stream"
  private static let longestExtension = 15
}
