/// Which bytes may stand where (RFC 9110 5.6, RFC 3986 2).
///
/// Each class is a set of ASCII characters in two words, one bit a character; bytes of 0x80 and above
/// are in none.
package struct ByteClass: Sendable {
  private let low: UInt64
  private let high: UInt64

  @inline(__always)
  package func contains(_ byte: UInt8) -> Bool {
    let word = byte < 64 ? low : (byte < 128 ? high : 0)
    return (word &>> UInt64(byte & 63)) & 1 != 0
  }

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// `tchar`: letters, digits and ``!#$%&'*+-.^_`|~`` (RFC 9110 5.6.2).
  package static let token = ByteClass(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)

  /// `HEXDIG`, in both cases.
  package static let hexDigit = ByteClass(low: 0x03FF_0000_0000_0000, high: 0x0000_007E_0000_007E)

  /// `unreserved` and `sub-delims` (RFC 3986 2.2, 2.3): what a registered name may hold unescaped.
  package static let registeredName = ByteClass(low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)

  /// `pchar` without escapes, and the slash (RFC 3986 3.3): what a path may hold unescaped.
  package static let path = ByteClass(low: 0x2FFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF)
}

/// The characters that the grammar names.
package enum ASCII {
  package static let tab: UInt8 = 0x09
  package static let lf: UInt8 = 0x0A
  package static let cr: UInt8 = 0x0D
  package static let space: UInt8 = 0x20
  package static let quote: UInt8 = 0x22
  package static let percent: UInt8 = 0x25
  package static let comma: UInt8 = 0x2C
  package static let slash: UInt8 = 0x2F
  package static let zero: UInt8 = 0x30
  package static let colon: UInt8 = 0x3A
  package static let semicolon: UInt8 = 0x3B
  package static let equals: UInt8 = 0x3D
  package static let backslash: UInt8 = 0x5C
}

extension UInt8 {
  /// `DIGIT`.
  @inline(__always)
  package var isDigit: Bool { self &- ASCII.zero < 10 }

  /// `OWS`: a space or a tab, and nothing else (RFC 9110 5.6.3).
  @inline(__always)
  package var isOptionalWhitespace: Bool { self == ASCII.space || self == ASCII.tab }

  /// Whether a field value, a reason phrase or a quoted string may hold this byte: `HTAB`, `SP`, `VCHAR`
  /// or `obs-text` (RFC 9110 5.5).
  @inline(__always)
  package var isFieldText: Bool { self >= 0x20 ? self != 0x7F : self == ASCII.tab }

  /// The lower-case form of an ASCII letter; any other byte as it is.
  @inline(__always)
  package var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// The value of a hexadecimal digit.
  @inline(__always)
  package var hexValue: UInt8? {
    if isDigit { return self &- ASCII.zero }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}
