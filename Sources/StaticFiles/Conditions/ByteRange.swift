import HTTPCore

/// A part of a file: at least one byte, and within its size.
package struct ByteRange: Sendable, Equatable {
  package let first: Int64
  /// Included.
  package let last: Int64

  package var count: Int64 { last - first + 1 }

  /// `Content-Range` of a part (RFC 9110 14.4), as its value.
  package func contentRange(of size: Int64) -> [UInt8] {
    var value: [UInt8] = []
    value.reserveCapacity(72)
    appendContentRange(of: size, to: &value)
    return value
  }

  func appendContentRange(of size: Int64, to sink: inout some ByteSink) {
    sink.append("bytes ")
    sink.appendDecimal(first)
    sink.append("-")
    sink.appendDecimal(last)
    sink.append("/")
    sink.appendDecimal(size)
  }

  /// `Content-Range` of a 416.
  package static func unsatisfiedContentRange(of size: Int64) -> String { "bytes */\(size)" }

  /// Whether the two have a byte in common, or nothing between them.
  func touches(_ other: ByteRange) -> Bool {
    // No overflow: a last position is less than a file's size.
    first <= other.last + 1 && other.first <= last + 1
  }
}

extension HeaderBlock {
  /// `Content-Range` of a 206.
  mutating func append(_ range: ByteRange, of size: Int64) {
    append(name: "Content-Range", value: range.contentRange(of: size))
  }
}
