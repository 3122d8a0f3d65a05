import HTTPCore

/// A request's path, decoded and normalised: the only form in which a path may meet the file system.
///
/// It begins with one slash, and has no empty segment, no `.` or `..`, no NUL and no control character. Other bytes
/// are any at all: file names are bytes. A backslash is an ordinary character.
package struct RequestPath: Sendable, Equatable {
  /// "/" alone, or "/" and segments separated by "/", with one more at the end if the request's path had one.
  package let bytes: [UInt8]

  /// Whether a directory was asked for: the path ended in a slash, or in a dot segment.
  package var endsWithSlash: Bool { bytes.last == ASCII.slash }

  /// Decodes first and normalises then, as nginx does: `%2e%2e` and `%2F` are what they decode to, so that nothing
  /// can mean one thing to the prefix matching and another to the file system.
  ///
  /// - Parameter raw: The path as it was sent, without the query.
  /// - Throws: Why it is no path to serve: the answer is 400.
  package init(_ raw: RawSpan) throws(RequestPathFault) {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(raw.byteCount)
    guard PercentCoding.decode(raw, into: &decoded) else { throw .malformedEscape }
    guard decoded.first == ASCII.slash else { throw .notAbsolute }
    guard !decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw .controlCharacter }
    self.bytes = try Self.removingDotSegments(decoded)
  }

  /// RFC 3986 5.2.4, but that climbing above the root is refused rather than cut off, and that empty segments go:
  /// the file system would see none.
  private static func removingDotSegments(_ path: [UInt8]) throws(RequestPathFault) -> [UInt8] {
    var kept: [UInt8] = [ASCII.slash]
    kept.reserveCapacity(path.count)
    var start = 1
    while start < path.count {
      let end = path[start...].firstIndex(of: ASCII.slash) ?? path.count
      let segment = path[start..<end]
      if segment.elementsEqual("..".utf8) {
        guard kept.count > 1 else { throw .aboveRoot }
        kept.removeLast()
        while kept.last != ASCII.slash { kept.removeLast() }
      } else if !segment.isEmpty, !segment.elementsEqual(".".utf8) {
        kept.append(contentsOf: segment)
        if end < path.count { kept.append(ASCII.slash) }
      }
      start = end + 1
    }
    return kept
  }

  /// Where to send a client that asked for a directory without the slash at the end: this path, escaped, with it.
  ///
  /// It never begins with `//`, which would name another host.
  package var directoryLocation: [UInt8] {
    let encoded = PercentCoding.encodePath(bytes)
    return endsWithSlash ? encoded : encoded + [ASCII.slash]
  }
}

/// Why a path cannot be served.
package enum RequestPathFault: Error, Sendable {
  case malformedEscape
  case notAbsolute
  /// NUL among them: it would end the name for the kernel (nginx CVE-2013-4547).
  case controlCharacter
  case aboveRoot
}
