import HTTPCore

/// The value of `If-Match` or `If-None-Match` (RFC 9110 13.1.1, 13.1.2).
///
///     "*" / #entity-tag
package enum EntityTagCondition: Sendable, Equatable {
  /// Any representation at all.
  case any
  case tags([EntityTag])

  /// A value that is not of the grammar has no tags, and so matches nothing: `If-Match` fails then, and with
  /// `If-None-Match` the whole file is sent. Either is safe.
  package init(_ value: RawSpan) {
    if value.byteCount == 1, value.byte(at: 0) == UInt8(ascii: "*") {
      self = .any
    } else {
      self = .tags(Self.list(value) ?? [])
    }
  }

  /// The condition of two field lines, which are one list (RFC 9110 5.3).
  func joined(_ other: EntityTagCondition) -> EntityTagCondition {
    switch (self, other) {
    case (.tags(let first), .tags(let second)): .tags(first + second)
    // "*" in a list is not of the grammar.
    default: .tags([])
    }
  }

  package func matches(where isMatch: (EntityTag) -> Bool) -> Bool {
    switch self {
    case .any: true
    case .tags(let tags): tags.contains(where: isMatch)
    }
  }

  /// `#element`, with empty elements passed over as recipients must (RFC 9110 5.6.1.2).
  private static func list(_ value: RawSpan) -> [EntityTag]? {
    var tags: [EntityTag] = []
    var index = 0
    while true {
      while index < value.byteCount, isSeparator(value.byte(at: index)) { index += 1 }
      if index == value.byteCount { return tags }
      guard let tag = EntityTag.parse(value, at: &index) else { return nil }
      tags.append(tag)
      while index < value.byteCount, value.byte(at: index).isOptionalWhitespace { index += 1 }
      if index == value.byteCount { return tags }
      guard value.byte(at: index) == ASCII.comma else { return nil }
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == ASCII.comma || byte.isOptionalWhitespace
  }
}
