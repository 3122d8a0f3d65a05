/// Where serialised bytes go: an array here, the connection's buffer in the server.
package protocol ByteSink {
  mutating func append(_ bytes: UnsafeRawBufferPointer)
  mutating func append(_ string: StaticString)
}

extension ByteSink {
  @inlinable
  package mutating func append(_ string: StaticString) {
    string.withUTF8Buffer { append(UnsafeRawBufferPointer($0)) }
  }

  @inlinable
  package mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Appends a number in decimal. Negative numbers, which HTTP has none of, come out as 0.
  @inlinable
  package mutating func appendDecimal(_ value: Int64) {
    appendDigits(UInt64(clamping: value), radix: 10)
  }

  /// Appends the digits of a number in a radix of at most 16, lower case, without leading zeros.
  @inlinable
  package mutating func appendDigits(_ value: UInt64, radix: UInt64) {
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var rest = value
      var start = 20
      repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: radix)
        start -= 1
        digits[start] = UInt8(truncatingIfNeeded: digit < 10 ? 0x30 + digit : 0x57 + digit)
        rest = quotient
      } while rest != 0
      append(UnsafeRawBufferPointer(rebasing: digits[start...]))
    }
  }
}

extension [UInt8]: ByteSink {
  @inlinable
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    append(contentsOf: bytes)
  }
}
