/// Content codings in the order of the server's preference, each with a level if it is not to be the usual one:
/// `br,zstd,gzip:6`.
package struct CompressionList: OptionValue, Equatable {
  package enum Coding: String, CaseIterable, Sendable {
    case brotli = "br"
    case zstd
    case gzip

    /// Zstandard's levels above 19 take more memory than a browser has to grant.
    var levels: ClosedRange<Int> {
      switch self {
      case .brotli: 0...11
      case .zstd: 1...19
      case .gzip: 1...9
      }
    }
  }

  package struct Element: Equatable, Sendable {
    package let coding: Coding
    /// Nil for the one that suits content somebody waits for.
    package let level: Int?
  }

  package let elements: [Element]

  package init(parsing text: String) throws(InvalidValue) {
    var elements: [Element] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let element = try Self.element(String(part).trimmingSpaces())
      guard !elements.contains(where: { $0.coding == element.coding }) else {
        throw InvalidValue("'\(element.coding.rawValue)' is there twice")
      }
      elements.append(element)
    }
    self.elements = elements
  }

  private static func element(_ text: String) throws(InvalidValue) -> Element {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, let coding = Coding(rawValue: name.lowercased()) else {
      throw InvalidValue("it must be codings separated by commas, such as br,zstd,gzip or gzip:6")
    }
    guard parts.count == 2 else { return Element(coding: coding, level: nil) }
    let levels = coding.levels
    guard let level = Int(digits: parts[1]), levels.contains(level) else {
      throw InvalidValue("the levels of \(coding.rawValue) are \(levels.lowerBound) to \(levels.upperBound)")
    }
    return Element(coding: coding, level: level)
  }

  package var description: String {
    elements.map { $0.coding.rawValue + ($0.level.map { ":\($0)" } ?? "") }.joined(separator: ",")
  }
}
