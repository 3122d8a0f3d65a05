import HTTPCore

/// One thing to look for: a file beneath the root whose name is made of the request's path, as `$uri.html`.
///
/// One that ends in a slash is a directory; any other is a file and nothing else.
package struct TryPattern: Sendable, Equatable {
  /// What stands between, before and after the request's path.
  private let pieces: [[UInt8]]
  let isDirectory: Bool

  private static let mark = "$uri"

  package init(_ text: String) {
    var pieces: [[UInt8]] = []
    var rest = text[...]
    while let range = rest.firstRange(of: Self.mark) {
      pieces.append(Array(rest[..<range.lowerBound].utf8))
      rest = rest[range.upperBound...]
    }
    pieces.append(Array(rest.utf8))
    self.pieces = pieces
    isDirectory = text.hasSuffix("/")
  }

  /// The path to look for, for a request of this one.
  func path(for request: RelativePath) -> RelativePath {
    var bytes: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      if index > 0 { bytes.append(contentsOf: request.bytes) }
      // The path of a directory brings the slash along.
      let isDoubled = bytes.last == ASCII.slash && piece.first == ASCII.slash
      bytes.append(contentsOf: isDoubled ? piece.dropFirst() : piece[...])
    }
    return RelativePath(bytes.drop { $0 == ASCII.slash })
  }
}
