import HTTPCore

/// How a listing is sorted: `?sort=name|size|time&order=asc|desc`. Directories come first in any case.
struct ListingOrder: Sendable, Equatable {
  enum Key: String, Sendable, CaseIterable {
    case name, size, time
  }

  var key = Key.name
  var isDescending = false

  init(key: Key = .name, isDescending: Bool = false) {
    self.key = key
    self.isDescending = isDescending
  }

  /// Reads a query. What it does not understand changes nothing.
  init(query: [UInt8]) {
    for parameter in query.split(separator: UInt8(ascii: "&")) {
      switch String(decoding: parameter, as: UTF8.self) {
      case "sort=name": key = .name
      case "sort=size": key = .size
      case "sort=time": key = .time
      case "order=asc": isDescending = false
      case "order=desc": isDescending = true
      default: break
      }
    }
  }

  /// What a column's head leads to: that column, or where it is sorted by already, the other direction.
  func link(to key: Key) -> String {
    "?sort=\(key.rawValue)&order=\(key == self.key && !isDescending ? "desc" : "asc")"
  }

  func sorted(_ entries: [DirectoryEntry]) -> [DirectoryEntry] {
    // Names are folded once, and not at each comparison.
    entries.map { (entry: $0, name: $0.name.map(\.lowercased)) }
      .sorted { left, right in
        guard left.entry.isDirectory == right.entry.isDirectory else { return left.entry.isDirectory }
        let (first, second) = isDescending ? (right, left) : (left, right)
        switch key {
        case .size where first.entry.size != second.entry.size: return first.entry.size < second.entry.size
        case .time where first.entry.modified != second.entry.modified:
          return first.entry.modified < second.entry.modified
        default: break
        }
        // Names by themselves follow the direction; as a second criterion they don't.
        let (a, b) = key == .name ? (first, second) : (left, right)
        return a.name == b.name
          ? a.entry.name.lexicographicallyPrecedes(b.entry.name) : a.name.lexicographicallyPrecedes(b.name)
      }
      .map(\.entry)
  }
}
