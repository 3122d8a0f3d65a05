import HTTPCore

/// A part of a file: at least one byte, and within its size.
package struct ByteRange: Sendable, Equatable {
  package let first: Int64
  /// Included.
  package let last: Int64

  package var count: Int64 { last - first + 1 }

  /// `Content-Range` of a 206 (RFC 9110 14.4).
  package func contentRange(of size: Int64) -> String { "bytes \(first)-\(last)/\(size)" }

  /// `Content-Range` of a 416.
  package static func unsatisfiedContentRange(of size: Int64) -> String { "bytes */\(size)" }
}

/// What a `Range` field asks for.
package enum RangeRequest: Sendable, Equatable {
  /// 200: no range, or one that is to be ignored.
  case whole
  /// 206
  case part(ByteRange)
  /// 416
  case unsatisfiable

  /// Reads a `Range` field (RFC 9110 14.1.1, 14.2).
  ///
  ///     ranges-specifier = range-unit "=" range-set
  ///     range-set        = 1#range-spec
  ///     int-range        = first-pos "-" [ last-pos ]
  ///     suffix-range     = "-" suffix-length
  ///
  /// What is not of this grammar is ignored, as is a last position before the first; so are several ranges, for which
  /// RFC 9110 14.2 lets us send the whole. Numbers beyond 64 bits are what they are: larger than any file.
  ///
  /// - Parameter size: The size of the file, 0 or more.
  package init(_ value: RawSpan, size: Int64) {
    self = Self.parse(value, size: size) ?? .whole
  }

  private static func parse(_ value: RawSpan, size: Int64) -> RangeRequest? {
    let unit = 6
    guard value.byteCount > unit, value.equalsIgnoringCase(0..<unit, "bytes=") else { return nil }
    let spec = unit..<value.byteCount
    guard let dash = spec.first(where: { value.byte(at: $0) == UInt8(ascii: "-") }) else { return nil }

    let isSuffix = dash == spec.lowerBound
    let isOpen = dash + 1 == spec.upperBound
    guard let before = isSuffix ? 0 : number(value, spec.lowerBound..<dash),
      let after = isOpen ? Int64.max : number(value, dash + 1..<spec.upperBound)
    else { return nil }

    if isSuffix {
      if isOpen { return nil }
      if after == 0 { return .unsatisfiable }
      // RFC 9110 14.1.3: a suffix longer than the file is all of it; of an empty file there is no part to name.
      return size == 0 ? .whole : .part(ByteRange(first: max(size - after, 0), last: size - 1))
    }
    guard before <= after else { return nil }
    guard before < size else { return .unsatisfiable }
    return .part(ByteRange(first: before, last: min(after, size - 1)))
  }

  /// `1*DIGIT`; what does not fit is the largest number. Nil for anything else, a comma among it.
  private static func number(_ bytes: RawSpan, _ range: Range<Int>) -> Int64? {
    guard !range.isEmpty, range.allSatisfy({ bytes.byte(at: $0).isDigit }) else { return nil }
    return bytes.decimal(range) ?? .max
  }
}
