import HTTPCore

/// Which files a rule is for: `*.html`, `photo-??.jpg`, `assets/*`.
///
/// `*` stands for any run of bytes, `?` for one. Without a slash a pattern is for the last segment of a path, with one
/// for all of it beneath the route, and then `*` stands for slashes too.
package struct NamePattern: Sendable, Equatable {
  private let bytes: [UInt8]
  private let isForPaths: Bool

  package init(_ text: String) {
    bytes = Array((text.hasPrefix("/") ? text.dropFirst() : text[...]).utf8)
    isForPaths = text.contains("/")
  }

  /// The extension, where the pattern is `*.EXTENSION` and nothing else.
  var fileExtension: String? {
    guard !isForPaths, bytes.starts(with: "*.".utf8),
      !bytes[2...].contains(where: { "*?.".utf8.contains($0) })
    else { return nil }
    return String(decoding: bytes[2...], as: UTF8.self)
  }

  package func matches(_ path: RelativePath) -> Bool {
    matches(isForPaths ? path.bytes[...] : path.lastSegment)
  }

  /// In time of the two lengths' product at most: after a mismatch only the last star is tried again.
  private func matches(_ name: ArraySlice<UInt8>) -> Bool {
    var place = 0
    var position = name.startIndex
    var star: (place: Int, position: Int)?
    while position < name.endIndex {
      if place < bytes.count, bytes[place] == UInt8(ascii: "*") {
        star = (place, position)
        place += 1
      } else if place < bytes.count, bytes[place] == name[position] || bytes[place] == UInt8(ascii: "?") {
        place += 1
        position += 1
      } else if let last = star {
        place = last.place + 1
        position = last.position + 1
        star = (last.place, position)
      } else {
        return false
      }
    }
    return bytes[place...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
