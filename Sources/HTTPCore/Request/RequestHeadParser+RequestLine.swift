/// The request line (RFC 9112 3).
///
///     request-line = method SP request-target SP HTTP-version
extension RequestHeadParser {
  /// Longer than any registered method is not implemented (RFC 9112 3).
  private static let longestMethod = 32

  /// RFC 9112 2.2: a server should ignore at least one empty line before the request line. Two are.
  private static let longestEmptyLines = 4

  mutating func skipEmptyLine(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    guard scanned < bytes.byteCount else { return false }
    if bytes.byte(at: scanned) == ASCII.cr {
      guard scanned < RequestHeadParser.longestEmptyLines else {
        throw HTTPRejection(.badRequest, "too many empty lines")
      }
      scanned += 1
      phase = .leadingLF
    } else {
      lineStart = scanned
      lineLimit = scanned + limits.requestLine
      phase = .method
    }
    return true
  }

  /// `method = token` (RFC 9110 9.1)
  mutating func parseMethod(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    let end = min(bytes.byteCount, lineLimit)
    // What nearly all of them are, if it has come whole.
    if scanned == lineStart, end - scanned > 4, bytes.halfWord(at: scanned) == Self.get {
      head.method = .get
      head.methodSpan = FieldSpan(scanned..<scanned + 3)
      scanned += 4
      partStart = scanned
      phase = .target
      return true
    }
    while scanned < end {
      let byte = bytes.byte(at: scanned)
      if ByteClass.token.contains(byte) {
        guard scanned - lineStart < RequestHeadParser.longestMethod else {
          throw HTTPRejection(.notImplemented, "method too long")
        }
        scanned += 1
        continue
      }
      guard byte == ASCII.space, scanned > lineStart else {
        throw HTTPRejection(.badRequest, "invalid method")
      }
      let range = lineStart..<scanned
      head.method = HTTPMethod(bytes, range)
      head.methodSpan = FieldSpan(range)
      scanned += 1
      partStart = scanned
      phase = .target
      return true
    }
    try checkRequestLineLimit(bytes)
    return false
  }

  /// `GET` and the space behind it.
  private static let get: UInt32 = 0x2054_4547

  /// Visible ASCII up to the space. RFC 3986 has no place for the rest, and RFC 9112 3.2 none for a fragment.
  mutating func parseTarget(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    let end = min(bytes.byteCount, lineLimit)
    var index = scanned
    while end &- index >= 8, bytes.word(checkedByLoop: index).isVisibleWithoutNumberSign { index &+= 8 }
    while index < end {
      let byte = bytes.byte(checkedByLoop: index)
      guard byte &- 0x21 < 0x5E, byte != UInt8(ascii: "#") else { break }
      index &+= 1
    }
    scanned = index
    if scanned < end {
      let byte = bytes.byte(at: scanned)
      guard byte == ASCII.space else {
        throw HTTPRejection(.badRequest, "invalid byte in the request target")
      }
      let range = partStart..<scanned
      let target = try RequestTarget(bytes, range, method: head.method)
      head.targetSpan = FieldSpan(range)
      head.targetForm = target.form
      head.pathSpan = target.path
      head.querySpan = target.query
      head.authoritySpan = target.authority
      scanned += 1
      partStart = scanned
      phase = .version
      return true
    }
    try checkRequestLineLimit(bytes)
    return false
  }

  /// `HTTP-version = "HTTP" "/" DIGIT "." DIGIT`, case-sensitive (RFC 9112 2.3)
  mutating func parseVersion(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    // What nearly all of them say, if it has come whole.
    if scanned == partStart, bytes.byteCount - scanned > 8, scanned + 8 <= lineLimit,
      bytes.word(at: scanned) == Self.http11, bytes.byte(at: scanned + 8) == ASCII.cr
    {
      scanned += 9
      head.version = .http11
      phase = .requestLineLF
      return true
    }
    while scanned < bytes.byteCount {
      let byte = bytes.byte(at: scanned)
      let isRight =
        switch scanned - partStart {
        case 0: byte == UInt8(ascii: "H")
        case 1, 2: byte == UInt8(ascii: "T")
        case 3: byte == UInt8(ascii: "P")
        case 4: byte == ASCII.slash
        case 5, 7: byte.isDigit
        case 6: byte == UInt8(ascii: ".")
        default: byte == ASCII.cr
        }
      if scanned >= lineLimit, byte != ASCII.cr { throw HTTPRejection(.uriTooLong, "request line too long") }
      guard isRight else { throw HTTPRejection(.badRequest, "malformed HTTP version") }
      scanned += 1
      guard byte == ASCII.cr else { continue }
      guard bytes.byte(at: partStart + 5) == UInt8(ascii: "1") else {
        throw HTTPRejection(.versionNotSupported, "HTTP version not supported")
      }
      // RFC 9110 2.5: a higher minor version is compatible, and is understood as the highest we know.
      head.version = bytes.byte(at: partStart + 7) == ASCII.zero ? .http10 : .http11
      phase = .requestLineLF
      return true
    }
    return false
  }

  /// `HTTP/1.1`.
  private static let http11: UInt64 = 0x312E_312F_5054_5448

  mutating func endRequestLine(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    guard try expectLF(bytes, then: .fieldStart) else { return false }
    fieldsStart = scanned
    return true
  }

  /// RFC 9112 3: 414 for a line that is longer than we are willing to parse.
  private func checkRequestLineLimit(_ bytes: RawSpan) throws(HTTPRejection) {
    if scanned < bytes.byteCount { throw HTTPRejection(.uriTooLong, "request line too long") }
  }
}

extension UInt64 {
  /// Whether all of its bytes are visible ASCII, and none is a number sign.
  @inline(__always)
  fileprivate var isVisibleWithoutNumberSign: Bool {
    // Bit 7 of a byte is set by: being above 0x7F, or 0x7F; being below 0x21; being a number sign. Where a carry or a
    // borrow sets one too many, it comes from a byte that has its own set.
    let signs = self ^ (.ones &* UInt64(UInt8(ascii: "#")))
    return (self | (self &+ .ones) | (self &- .ones &* 0x21) | (signs &- .ones)) & .highBits == 0
  }
}
