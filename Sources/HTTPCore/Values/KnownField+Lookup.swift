extension KnownField {
  /// The field that these bytes name, in any case.
  ///
  /// - Parameter range: must hold a token (RFC 9110 5.6.2). For other bytes the answer may be wrong: case is
  ///   folded with one bit for eight bytes at a time, which is exact for letters, digits and hyphens only.
  package static func lookup(_ bytes: RawSpan, _ range: Range<Int>) -> KnownField {
    guard let key = Key(bytes, range) else { return .other }
    return Table.shared.find(key)
  }

  /// The field of this name; the bytes must be a token.
  package static func lookup(_ name: RawSpan) -> KnownField {
    lookup(name, 0..<name.byteCount)
  }

  /// A name of at most 32 bytes folded to lower case, filled up with zeros. No token holds a zero, so the
  /// length is in it too.
  private struct Key: Equatable {
    private var word0: UInt64
    private var word1: UInt64 = 0
    private var word2: UInt64 = 0
    private var word3: UInt64 = 0

    @inline(__always)
    init?(_ bytes: RawSpan, _ range: Range<Int>) {
      guard 1...32 ~= range.count else { return nil }
      let start = range.lowerBound
      word0 = Key.fold(bytes, start, range.count)
      if range.count <= 8 { return }
      word1 = Key.fold(bytes, start + 8, range.count - 8)
      if range.count <= 16 { return }
      word2 = Key.fold(bytes, start + 16, range.count - 16)
      if range.count <= 24 { return }
      word3 = Key.fold(bytes, start + 24, range.count - 24)
    }

    /// The next eight bytes, or as many as there are.
    @inline(__always)
    private static func fold(_ bytes: RawSpan, _ index: Int, _ count: Int) -> UInt64 {
      let lowerCase: UInt64 = 0x2020_2020_2020_2020
      let mask = count >= 8 ? UInt64.max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
      // What follows the name in a request is there to be read, and masked away.
      if bytes.byteCount - index >= 8 { return (bytes.word(at: index) | lowerCase) & mask }
      var word: UInt64 = 0
      for offset in 0..<min(count, 8) {
        word |= UInt64(bytes.byte(at: index + offset)) &<< UInt64(truncatingIfNeeded: offset &* 8)
      }
      return (word | lowerCase) & mask
    }

    @inline(__always)
    var hash: Int {
      let mixed = word0 ^ (word1 &* 3) ^ (word2 &* 5) ^ (word3 &* 7)
      return Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) &>> 55)
    }
  }

  /// Open addressing in 512 places, four times as many as there are names.
  private struct Table: Sendable {
    static let shared = Table()

    private struct Place: Sendable {
      var field: KnownField
      var key: Key?
    }

    private var places = [Place](repeating: Place(field: .other, key: nil), count: 512)

    private init() {
      for field in KnownField.allCases where field != .other {
        field.canonicalName.withUTF8Buffer { name in
          guard let key = Key(UnsafeRawBufferPointer(name).bytes, 0..<name.count) else { return }
          var index = key.hash
          while places[index].key != nil { index = (index + 1) & 511 }
          places[index] = Place(field: field, key: key)
        }
      }
    }

    @inline(__always)
    func find(_ key: Key) -> KnownField {
      var index = key.hash
      while let found = places[index].key {
        if found == key { return places[index].field }
        index = (index + 1) & 511
      }
      return .other
    }
  }
}
