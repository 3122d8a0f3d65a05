/// A request target taken apart (RFC 9112 3.2).
///
///     request-target = origin-form / absolute-form / authority-form / asterisk-form
package struct RequestTarget: Sendable, Equatable {
  package enum Form: UInt8, Sendable {
    case origin, absolute, authority, asterisk
  }

  var form: Form
  var path: FieldSpan?
  var query: FieldSpan?
  var authority: FieldSpan?

  /// Takes a target apart that holds visible ASCII only and no fragment.
  init(_ bytes: RawSpan, _ range: Range<Int>, method: HTTPMethod) throws(HTTPRejection) {
    guard !range.isEmpty else { throw HTTPRejection(.badRequest, "no request target") }
    let first = bytes.byte(at: range.lowerBound)
    if method == .connect {
      // RFC 9112 3.2.3: CONNECT has this form, and no other method has. RFC 9110 9.3.6: with a port.
      guard let authority = Authority(bytes, range), authority.port != nil else {
        throw HTTPRejection(.badRequest, "CONNECT without host and port")
      }
      self.init(form: .authority, authority: FieldSpan(range))
    } else if first == ASCII.slash {
      self.init(form: .origin)
      try splitPath(bytes, range)
    } else if first == UInt8(ascii: "*"), range.count == 1 {
      // RFC 9112 3.2.4: only for a server-wide OPTIONS.
      guard method == .options else { throw HTTPRejection(.badRequest, "asterisk target without OPTIONS") }
      self.init(form: .asterisk)
    } else {
      self.init(form: .absolute)
      try splitAbsolute(bytes, range)
    }
  }

  private init(form: Form, authority: FieldSpan? = nil) {
    self.form = form
    self.authority = authority
  }

  /// `absolute-form = absolute-URI`, of the schemes that this server answers for (RFC 9110 4.2).
  private mutating func splitAbsolute(_ bytes: RawSpan, _ range: Range<Int>) throws(HTTPRejection) {
    let schemeLength: Int
    if range.count > 7, bytes.equalsIgnoringCase(range.prefix(7), "http://") {
      schemeLength = 7
    } else if range.count > 8, bytes.equalsIgnoringCase(range.prefix(8), "https://") {
      schemeLength = 8
    } else {
      throw HTTPRejection(.badRequest, "unknown form of request target")
    }
    let start = range.lowerBound + schemeLength
    var end = start
    while end < range.upperBound {
      let byte = bytes.byte(at: end)
      if byte == ASCII.slash || byte == UInt8(ascii: "?") { break }
      end += 1
    }
    // RFC 9110 4.2.1, 4.2.4: an empty host and user information are invalid.
    guard Authority(bytes, start..<end) != nil else {
      throw HTTPRejection(.badRequest, "invalid authority in the request target")
    }
    authority = FieldSpan(start..<end)
    try splitPath(bytes, end..<range.upperBound)
    // RFC 9110 4.2.3: an empty path is "/". One stands right before the host.
    if path?.isEmpty ?? true { path = FieldSpan(start - 1..<start) }
  }

  /// `origin-form = absolute-path [ "?" query ]`
  private mutating func splitPath(_ bytes: RawSpan, _ range: Range<Int>) throws(HTTPRejection) {
    let range = range.clamped(to: 0..<bytes.byteCount)
    var index = range.lowerBound
    while range.upperBound &- index >= 8 {
      let word = bytes.word(checkedByLoop: index)
      if word.hasByte(UInt8(ascii: "?")) || word.hasByte(ASCII.percent) { break }
      index &+= 8
    }
    while index < range.upperBound {
      let byte = bytes.byte(at: index)
      if byte == UInt8(ascii: "?") { break }
      if byte == ASCII.percent { try RequestTarget.checkEscape(bytes, index..<range.upperBound) }
      index += 1
    }
    path = FieldSpan(range.lowerBound..<index)
    // The query is the application's to decode, and browsers do send a bare "%" in it: it is not checked.
    if index < range.upperBound { query = FieldSpan(index + 1..<range.upperBound) }
  }

  /// `pct-encoded = "%" HEXDIG HEXDIG` (RFC 3986 2.1), and not NUL, which ends a path for the kernel (nginx
  /// CVE-2013-4547).
  private static func checkEscape(_ bytes: RawSpan, _ rest: Range<Int>) throws(HTTPRejection) {
    guard rest.count >= 3,
      let high = bytes.byte(at: rest.lowerBound + 1).hexValue,
      let low = bytes.byte(at: rest.lowerBound + 2).hexValue
    else { throw HTTPRejection(.badRequest, "malformed percent escape in the path") }
    if high == 0, low == 0 { throw HTTPRejection(.badRequest, "NUL in the path") }
  }
}
