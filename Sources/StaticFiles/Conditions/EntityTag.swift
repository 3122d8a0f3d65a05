import HTTPCore

/// An entity tag (RFC 9110 8.8.3).
///
///     entity-tag = [ %s"W/" ] opaque-tag
///     opaque-tag = DQUOTE *etagc DQUOTE
///     etagc      = %x21 / %x23-7E / obs-text
package struct EntityTag: Sendable, Equatable {
  package let isWeak: Bool
  /// What is between the quotes.
  package let opaque: [UInt8]

  package init(isWeak: Bool = false, opaque: [UInt8]) {
    self.isWeak = isWeak
    self.opaque = opaque
  }

  /// The strong tag of a file: its time, size and inode in hexadecimal, separated so that no two triples read alike.
  ///
  /// The inode tells apart files of one time and size, as reproducible builds make them. So replicas on several
  /// machines have different tags for equal files.
  ///
  /// - Parameter coding: The content coding of what is sent, which is a representation of its own (RFC 9110 8.8.3.3).
  package init(_ metadata: FileMetadata, coding: StaticString? = nil) {
    var opaque: [UInt8] = []
    opaque.reserveCapacity(64)
    opaque.appendDigits(UInt64(bitPattern: metadata.modified), radix: 16)
    opaque.append(UInt8(ascii: "."))
    opaque.appendDigits(UInt64(bitPattern: metadata.modifiedNanoseconds), radix: 16)
    opaque.append(UInt8(ascii: "-"))
    opaque.appendDigits(UInt64(bitPattern: metadata.size), radix: 16)
    opaque.append(UInt8(ascii: "-"))
    opaque.appendDigits(metadata.inode, radix: 16)
    if let coding {
      opaque.append(UInt8(ascii: "-"))
      opaque.append(coding)
    }
    self.init(opaque: opaque)
  }

  /// The tag as a field value has it.
  package var fieldValue: [UInt8] {
    (isWeak ? Array("W/\"".utf8) : [ASCII.quote]) + opaque + [ASCII.quote]
  }

  /// Strong comparison (RFC 9110 8.8.3.2): for `If-Match` and `If-Range`.
  package func matchesStrongly(_ other: EntityTag) -> Bool {
    !isWeak && !other.isWeak && opaque == other.opaque
  }

  /// Weak comparison: for `If-None-Match`.
  package func matchesWeakly(_ other: EntityTag) -> Bool {
    opaque == other.opaque
  }

  /// Reads one tag at an offset, and moves the offset behind it.
  static func parse(_ bytes: RawSpan, at offset: inout Int) -> EntityTag? {
    var index = offset
    let isWeak = bytes.byteCount - index >= 2 && bytes.equals(index..<index + 2, "W/")
    if isWeak { index += 2 }
    guard index < bytes.byteCount, bytes.byte(at: index) == ASCII.quote else { return nil }
    index += 1
    var opaque: [UInt8] = []
    while index < bytes.byteCount {
      let byte = bytes.byte(at: index)
      index += 1
      if byte == ASCII.quote {
        offset = index
        return EntityTag(isWeak: isWeak, opaque: opaque)
      }
      // A backslash is a plain character here, unlike in a quoted string.
      guard byte == 0x21 || 0x23...0x7E ~= byte || byte >= 0x80 else { return nil }
      opaque.append(byte)
    }
    return nil
  }
}
