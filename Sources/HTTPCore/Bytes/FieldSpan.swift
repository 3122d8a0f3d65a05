/// A stretch of a request head: where it is, not what it says.
///
/// Relative to the first byte given to the parser. It is only meaningful beside those bytes: taking it
/// from any other buffer gives other bytes, or traps if that buffer is too short.
package struct FieldSpan: Sendable, Equatable {
  package var offset: UInt32
  package var count: UInt32

  @inlinable
  package init(offset: UInt32, count: UInt32) {
    self.offset = offset
    self.count = count
  }

  /// A range within a head. The parser's limits keep heads far below 4 GiB (`HTTPLimits.largestHead`).
  @inlinable
  package init(_ range: Range<Int>) {
    self.init(
      offset: UInt32(truncatingIfNeeded: range.lowerBound),
      count: UInt32(truncatingIfNeeded: range.count)
    )
  }

  @inlinable
  package var isEmpty: Bool { count == 0 }

  @inlinable
  package var range: Range<Int> { Int(offset)..<(Int(offset) &+ Int(count)) }

  /// The bytes themselves, copied.
  package func bytes(in head: RawSpan) -> [UInt8] {
    head.extracting(range).withUnsafeBytes { Array($0) }
  }

  /// The bytes as text. Bytes that are not UTF-8 become U+FFFD: for logs and comparisons, not for passing
  /// on.
  package func string(in head: RawSpan) -> String {
    head.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }
}
