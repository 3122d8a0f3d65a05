/// Media types separated by commas; a star at one end stands for any: `text/*,*+json`.
package struct MediaTypeList: OptionValue, Equatable {
  package let patterns: [String]

  init(_ patterns: [String]) {
    self.patterns = patterns
  }

  package init(parsing text: String) throws(InvalidValue) {
    patterns = text.split(separator: ",").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
    guard !patterns.isEmpty else { throw InvalidValue("it names no media type") }
    for pattern in patterns where !Self.isPattern(pattern) {
      throw InvalidValue("'\(pattern)' is no media type; there are text/html, text/*, *+json and *")
    }
  }

  private static func isPattern(_ text: String) -> Bool {
    let inner = text.hasSuffix("*") ? text.dropLast() : text.hasPrefix("*") ? text.dropFirst() : text[...]
    return (text.contains("/") || text.hasPrefix("*"))
      && inner.utf8.allSatisfy { 0x21...0x7E ~= $0 && !"*;\"".utf8.contains($0) }
  }

  package var description: String { patterns.joined(separator: ",") }

  /// What is text, or as good as text.
  package static let compressible = MediaTypeList([
    "text/*", "*+json", "*+xml", "application/json", "application/javascript", "application/xml",
    "application/wasm",
  ])
}
