/// Reads of single bytes and words, bounds-checked by the standard library unless they say otherwise.
extension RawSpan {
  @inline(__always)
  package func byte(at offset: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// A byte without a bounds check: only for the inner loops, right behind a comparison of `offset` with an end
  /// that is at most `byteCount`. Debug builds check.
  @inline(__always)
  func byte(checkedByLoop offset: Int) -> UInt8 {
    assert(offset >= 0 && offset < byteCount)
    return unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes in the machine's order (little-endian wherever Martlet runs).
  @inline(__always)
  package func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Eight bytes, as of ``byte(checkedByLoop:)``: the end is that far away.
  @inline(__always)
  func word(checkedByLoop offset: Int) -> UInt64 {
    assert(offset >= 0 && byteCount - offset >= 8)
    return UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// Four bytes.
  @inline(__always)
  func halfWord(at offset: Int) -> UInt32 {
    UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The first offset in `range` whose byte is not of this class, or the range's end.
  @inline(__always)
  func firstByte(notIn byteClass: ByteClass, _ range: Range<Int>) -> Int {
    let range = range.clamped(to: 0..<byteCount)
    var index = range.lowerBound
    while index < range.upperBound, byteClass.contains(byte(checkedByLoop: index)) { index &+= 1 }
    return index
  }

  /// Whether these bytes are `string`, ASCII letters in either case.
  ///
  /// - Parameter lowercase: the string to compare with, in lower case.
  package func equalsIgnoringCase(_ range: Range<Int>, _ lowercase: StaticString) -> Bool {
    lowercase.withUTF8Buffer { expected in
      guard expected.count == range.count else { return false }
      for index in 0..<expected.count where byte(at: range.lowerBound + index).lowercased != expected[index] {
        return false
      }
      return true
    }
  }

  /// Whether all bytes of the two are the same.
  package func equals(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    var index = 0
    while byteCount &- index >= 8 {
      guard word(at: index) == other.word(at: index) else { return false }
      index &+= 8
    }
    while index < byteCount {
      guard byte(checkedByLoop: index) == other.byte(checkedByLoop: index) else { return false }
      index &+= 1
    }
    return true
  }

  /// Whether these bytes are exactly `string`.
  package func equals(_ range: Range<Int>, _ string: StaticString) -> Bool {
    guard string.utf8CodeUnitCount == range.count else { return false }
    return string.withUTF8Buffer { extracting(range).equals(UnsafeRawBufferPointer($0).bytes) }
  }

  /// The range without optional white space at either end (RFC 9110 5.5).
  @inline(__always)
  package func trimmingOptionalWhitespace(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, byte(at: start).isOptionalWhitespace { start += 1 }
    while end > start, byte(at: end - 1).isOptionalWhitespace { end -= 1 }
    return start..<end
  }

  /// A decimal number of digits only (`1*DIGIT`), or nil if there are none, others, or too many for
  /// 64 bits.
  package func decimal(_ range: Range<Int>) -> Int64? {
    guard !range.isEmpty else { return nil }
    var value: Int64 = 0
    if range.count <= 18 {
      // Which are too few for 64 bits to overflow.
      for index in range {
        let byte = byte(at: index)
        guard byte.isDigit else { return nil }
        value = value &* 10 &+ Int64(byte &- ASCII.zero)
      }
      return value
    }
    for index in range {
      let byte = byte(at: index)
      guard byte.isDigit else { return nil }
      let (shifted, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowedAgain) = shifted.addingReportingOverflow(Int64(byte &- ASCII.zero))
      if overflowed || overflowedAgain { return nil }
      value = sum
    }
    return value
  }

  /// The first offset in `range` whose byte may not stand in a field value, or the range's end.
  ///
  /// Tabs do not count as text here although they are (RFC 9110 5.5): the caller looks at each and goes
  /// on. Eight bytes at a time.
  @inline(__always)
  func firstControl(in range: Range<Int>) -> Int {
    let ones = UInt64.ones
    let highs = UInt64.highBits
    let range = range.clamped(to: 0..<byteCount)
    var index = range.lowerBound
    while range.upperBound &- index >= 8 {
      let word = word(checkedByLoop: index)
      // Bits 7 of `below`: bytes under 0x20, exact for the lowest one found. Of `deletes`: bytes 0x7F.
      let below = (word &- ones &* 0x20) & ~word & highs
      let flipped = word ^ (ones &* 0x7F)
      let deletes = (flipped &- ones) & ~flipped & highs
      let found = below | deletes
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < range.upperBound {
      let byte = byte(checkedByLoop: index)
      if byte < 0x20 || byte == 0x7F { return index }
      index &+= 1
    }
    return range.upperBound
  }
}

/// Eight bytes in one word, each with a value of its own.
extension UInt64 {
  /// 1 in each.
  static let ones: UInt64 = 0x0101_0101_0101_0101
  /// The highest bit of each.
  static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Whether one of them is `byte`.
  @inline(__always)
  func hasByte(_ byte: UInt8) -> Bool {
    let zeros = self ^ (.ones &* UInt64(byte))
    return (zeros &- .ones) & ~zeros & .highBits != 0
  }
}
