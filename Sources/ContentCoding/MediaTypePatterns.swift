import HTTPCore

/// Which media types are worth coding: `text/html`, `text/*`, `*+json`, `*`. Prepared once, for quick looks.
package struct MediaTypePatterns: Sendable, Equatable {
  private var exact: Set<[UInt8]> = []
  private var prefixes: [[UInt8]] = []
  private var suffixes: [[UInt8]] = []

  /// - Parameter patterns: a media type each, with a star at one of its ends or none, in any case.
  package init(_ patterns: [String]) {
    for pattern in patterns {
      let bytes = pattern.utf8.map(\.lowercased)
      if bytes.last == Self.star {
        prefixes.append(bytes.dropLast())
      } else if bytes.first == Self.star {
        suffixes.append(Array(bytes.dropFirst()))
      } else {
        exact.insert(bytes)
      }
    }
  }

  /// Whether one of the patterns is that of a `Content-Type`, whose parameters don't count.
  package func match(_ value: RawSpan) -> Bool {
    let range = QualityValue.subject(value, 0..<value.byteCount)
    // No registered name is nearly as long (RFC 6838, section 4.2).
    guard !range.isEmpty, range.count <= 255 else { return false }
    let type = range.map { value.byte(at: $0).lowercased }
    return exact.contains(type) || prefixes.contains { type.starts(with: $0) }
      || suffixes.contains { type.count >= $0.count && type[(type.count - $0.count)...].elementsEqual($0) }
  }

  private static let star = UInt8(ascii: "*")
}
