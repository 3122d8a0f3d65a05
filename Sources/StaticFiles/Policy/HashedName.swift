import HTTPCore

/// Whether a file's name says by a hash what its content is, so that a name never stands for another content.
///
/// It is careful: a file that is taken for one without being one would be kept by browsers for a year. What counts is a
/// part of the name between dots and dashes, and not its first one, that is
///
/// - at least 8 hexadecimal digits in one case, letters and digits among them: `shop.3f2a91bc.css` (Django, webpack,
///   Parcel, Sprockets). A date such as `20240131` is not;
/// - exactly 8 characters in which upper and lower case and digits change places four times or more:
///   `index-B7hX9a3k.js` (Vite, Rollup, esbuild), as far as chance has made it one.
enum HashedName {
  static func isHashed(_ path: RelativePath) -> Bool {
    var parts = path.lastSegment.split(
      omittingEmptySubsequences: false,
      whereSeparator: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    )
    // Not the first part, which is the name, and not the last, which is the extension.
    guard parts.count >= 3 else { return false }
    parts.removeFirst()
    parts.removeLast()
    return parts.contains { isHexadecimal($0) || isMixed($0) }
  }

  private static func isHexadecimal(_ part: ArraySlice<UInt8>) -> Bool {
    guard part.count >= 8, part.allSatisfy({ $0.hexValue != nil }) else { return false }
    let kinds = Set(part.map(Kind.init))
    return kinds == [.lower, .digit] || kinds == [.upper, .digit]
  }

  private static func isMixed(_ part: ArraySlice<UInt8>) -> Bool {
    let kinds = part.map(Kind.init)
    guard part.count == 8, Set(kinds).isSuperset(of: [.lower, .upper, .digit]), !kinds.contains(.other) else {
      return false
    }
    return zip(kinds, kinds.dropFirst()).count { $0 != $1 } >= 4
  }

  private enum Kind {
    case lower, upper, digit, other

    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
      case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
      default: self = .other
      }
    }
  }
}
