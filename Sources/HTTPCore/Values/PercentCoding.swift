/// Percent-encoding (RFC 3986 2.1).
package enum PercentCoding {
  /// Appends the decoded bytes.
  ///
  /// - Returns: false for a malformed escape; what was appended until then stays. `%00` is decoded like any
  ///   other.
  package static func decode(_ bytes: RawSpan, into decoded: inout [UInt8]) -> Bool {
    var index = 0
    while index < bytes.byteCount {
      let byte = bytes.byte(at: index)
      guard byte == ASCII.percent else {
        decoded.append(byte)
        index += 1
        continue
      }
      guard bytes.byteCount - index >= 3, let high = bytes.byte(at: index + 1).hexValue,
        let low = bytes.byte(at: index + 2).hexValue
      else { return false }
      decoded.append(high << 4 | low)
      index += 3
    }
    return true
  }

  /// Escapes everything that a path may not hold (RFC 3986 3.3), and `%` itself. Slashes stay.
  package static func encodePath(_ path: [UInt8]) -> [UInt8] {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(path.count)
    for byte in path {
      if ByteClass.path.contains(byte) {
        encoded.append(byte)
      } else {
        encoded.append(ASCII.percent)
        encoded.append(upperHexDigit(byte >> 4))
        encoded.append(upperHexDigit(byte & 15))
      }
    }
    return encoded
  }

  private static func upperHexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? ASCII.zero + value : 0x37 + value
  }
}
