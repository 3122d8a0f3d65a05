import HTTPCore

/// What a `Range` field asks for.
package enum RangeRequest: Sendable, Equatable {
  /// 200: no range, or one that is to be ignored.
  case whole
  /// 206
  case part(ByteRange)
  /// 206, with a part for each: two at least, none of which overlaps another.
  case parts([ByteRange])
  /// 416
  case unsatisfiable

  /// Reads a `Range` field (RFC 9110 14.1.1, 14.2).
  ///
  ///     ranges-specifier = range-unit "=" range-set
  ///     range-set        = 1#range-spec
  ///     int-range        = first-pos "-" [ last-pos ]
  ///     suffix-range     = "-" suffix-length
  ///
  /// What is not of this grammar is ignored, as is a set in which a last position comes before its first. Numbers
  /// beyond 64 bits are what they are: larger than any file. Of several ranges those without a byte in the file are
  /// passed over, and those that overlap or touch become one (RFC 9110 15.3.7.2), in the place of the first: so all of
  /// them together are never more than the file.
  ///
  /// - Parameters:
  ///   - size: The size of the file, 0 or more.
  ///   - limit: Most ranges; a set of more is ignored (RFC 9110 17.15).
  package init(_ value: RawSpan, size: Int64, limit: Int) {
    self = Self.parse(value, size: size, limit: limit) ?? .whole
  }

  /// What most ask for: one range alone, without a list of it.
  ///
  /// - Returns: nil where there is a comma, or it is not for here to say what it is.
  private static func parse(single value: RawSpan, _ unit: Int, _ size: Int64, _ limit: Int) -> RangeRequest?
  {
    guard limit > 0, let range = RangeSpec(value, unit..<value.byteCount) else { return nil }
    return switch range.resolved(for: size) {
    case .nothing: .unsatisfiable
    case .everything: .whole
    case .part(let part): .part(part)
    }
  }

  private static func parse(_ value: RawSpan, size: Int64, limit: Int) -> RangeRequest? {
    let unit = 6
    guard value.byteCount > unit,
      value.equals(0..<unit, "bytes=") || value.equalsIgnoringCase(0..<unit, "bytes="),
      // The list rule has white space around commas only.
      !value.byte(at: unit).isOptionalWhitespace, !value.byte(at: value.byteCount - 1).isOptionalWhitespace
    else { return nil }
    if let single = Self.parse(single: value, unit, size, limit) { return single }
    var list = FieldList(unit..<value.byteCount)
    var ranges: [ByteRange] = []
    var count = 0
    while let spec = list.next(in: value) {
      count += 1
      guard count <= limit, let range = RangeSpec(value, spec) else { return nil }
      switch range.resolved(for: size) {
      case .nothing: continue
      case .everything: return .whole
      case .part(let part): ranges.add(part)
      }
    }
    switch ranges.count {
    // An empty set is not of the grammar.
    case 0: return count == 0 ? nil : .unsatisfiable
    case 1: return .part(ranges[0])
    default: return .parts(ranges)
    }
  }
}

/// One of the ranges, before it is known how large the file is.
private enum RangeSpec {
  case from(first: Int64, last: Int64)
  case suffix(Int64)

  enum Resolved {
    case nothing
    /// Of an empty file.
    case everything
    case part(ByteRange)
  }

  init?(_ value: RawSpan, _ spec: Range<Int>) {
    guard let dash = spec.first(where: { value.byte(at: $0) == UInt8(ascii: "-") }) else { return nil }
    let isOpen = dash + 1 == spec.upperBound
    if dash == spec.lowerBound {
      guard !isOpen, let length = Self.number(value, dash + 1..<spec.upperBound) else { return nil }
      self = .suffix(length)
    } else {
      guard let first = Self.number(value, spec.lowerBound..<dash),
        let last = isOpen ? Int64.max : Self.number(value, dash + 1..<spec.upperBound), first <= last
      else { return nil }
      self = .from(first: first, last: last)
    }
  }

  func resolved(for size: Int64) -> Resolved {
    switch self {
    case .suffix(0): .nothing
    // RFC 9110 14.1.3: a suffix longer than the file is all of it; of an empty file there is no part to name.
    case .suffix where size <= 0: .everything
    case .suffix(let length): .part(ByteRange(first: max(size - length, 0), last: size - 1))
    case .from(let first, _) where first >= size: .nothing
    case .from(let first, let last): .part(ByteRange(first: first, last: min(last, size - 1)))
    }
  }

  /// `1*DIGIT`; what does not fit is the largest number. Nil for anything else.
  private static func number(_ bytes: RawSpan, _ range: Range<Int>) -> Int64? {
    if let number = bytes.decimal(range) { return number }
    return !range.isEmpty && range.allSatisfy { bytes.byte(at: $0).isDigit } ? .max : nil
  }
}

extension [ByteRange] {
  /// Puts one more range behind the others, joined with those that it overlaps or touches.
  fileprivate mutating func add(_ range: ByteRange) {
    var joined = range
    var place = count
    for index in indices.reversed() where self[index].touches(joined) {
      joined = ByteRange(
        first: Swift.min(self[index].first, joined.first),
        last: Swift.max(self[index].last, joined.last)
      )
      place = index
      remove(at: index)
    }
    insert(joined, at: Swift.min(place, count))
  }
}
