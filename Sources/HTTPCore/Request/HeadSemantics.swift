/// What a head's fields mean for the message as a whole: its host, its body's framing, the connection.
///
/// `note` takes the fields as they come and refuses what no later field could make right; `conclude` decides
/// when all are known.
struct HeadSemantics: Sendable {
  private var host: FieldSpan?
  private var contentLength: Int64?
  private var isChunked = false
  private var expectsContinue = false
  private var expectsOther = false
  private var wantsClose = false
  private var wantsKeepAlive = false

  @inline(__always)
  mutating func note(_ known: KnownField, _ bytes: RawSpan, _ value: Range<Int>) throws(HTTPRejection) {
    switch known {
    case .host: try noteHost(bytes, value)
    case .contentLength: try noteContentLength(bytes, value)
    case .transferEncoding: try noteTransferEncoding(bytes, value)
    case .connection: noteConnection(bytes, value)
    case .expect: noteExpect(bytes, value)
    default: break
    }
  }

  /// RFC 9112 3.2: 400 for more than one `Host`, or an invalid one.
  private mutating func noteHost(_ bytes: RawSpan, _ value: Range<Int>) throws(HTTPRejection) {
    guard host == nil else { throw HTTPRejection(.badRequest, "more than one Host") }
    guard Authority(bytes, value) != nil else { throw HTTPRejection(.badRequest, "invalid Host") }
    host = FieldSpan(value)
  }

  /// `Content-Length = 1*DIGIT` (RFC 9110 8.6), once. RFC 9112 6.3 would let us accept a repeated equal value;
  /// nobody honest sends one.
  private mutating func noteContentLength(_ bytes: RawSpan, _ value: Range<Int>) throws(HTTPRejection) {
    guard contentLength == nil else { throw HTTPRejection(.badRequest, "more than one Content-Length") }
    guard let length = bytes.decimal(value) else {
      throw HTTPRejection(.badRequest, "invalid Content-Length")
    }
    contentLength = length
  }

  /// Exactly one `chunked` (RFC 9112 6.1). Everything else is 400, codings that the RFC would have answered with
  /// 501 included: where peers disagree on the end of a body, none of them must guess (gunicorn CVE-2024-1135).
  private mutating func noteTransferEncoding(_ bytes: RawSpan, _ value: Range<Int>) throws(HTTPRejection) {
    guard !isChunked else { throw HTTPRejection(.badRequest, "more than one Transfer-Encoding") }
    guard bytes.equalsIgnoringCase(value, "chunked") else {
      throw HTTPRejection(.badRequest, "Transfer-Encoding is not exactly chunked")
    }
    isChunked = true
  }

  /// `Connection = #connection-option`, case-insensitive (RFC 9110 7.6.1)
  private mutating func noteConnection(_ bytes: RawSpan, _ value: Range<Int>) {
    var cursor = FieldList(value)
    while let option = cursor.next(in: bytes) {
      if bytes.equalsIgnoringCase(option, "close") {
        wantsClose = true
      } else if bytes.equalsIgnoringCase(option, "keep-alive") {
        wantsKeepAlive = true
      }
    }
  }

  private mutating func noteExpect(_ bytes: RawSpan, _ value: Range<Int>) {
    if bytes.equalsIgnoringCase(value, "100-continue") {
      expectsContinue = true
    } else {
      expectsOther = true
    }
  }

  func conclude(_ head: inout RequestHead, limits: HTTPLimits) throws(HTTPRejection) {
    // RFC 9112 3.2: HTTP/1.1 without Host is 400, also where the target has an authority.
    if host == nil, head.version == .http11 { throw HTTPRejection(.badRequest, "no Host") }
    // RFC 9112 3.2.2: the target's authority replaces Host.
    if head.authoritySpan == nil { head.authoritySpan = host }

    if isChunked {
      // RFC 9112 6.1: faulty framing in HTTP/1.0, and with Content-Length an attempt at smuggling.
      if head.version == .http10 { throw HTTPRejection(.badRequest, "Transfer-Encoding in HTTP/1.0") }
      if contentLength != nil {
        throw HTTPRejection(.badRequest, "Content-Length beside Transfer-Encoding")
      }
      head.framing = .chunked
    } else if let contentLength {
      if contentLength > limits.bodySize { throw HTTPRejection(.contentTooLarge, "content too large") }
      head.framing = .length(contentLength)
    } else {
      head.framing = .none
    }

    // RFC 9110 10.1.1: 417 for any other expectation; a 100-continue counts in HTTP/1.1 only.
    if expectsOther { throw HTTPRejection(.expectationFailed, "unknown expectation") }
    head.expectsContinue =
      expectsContinue && head.version == .http11 && head.framing != .none && head.framing != .length(0)

    // RFC 9112 9.3: `close` wins; HTTP/1.0 must ask for persistence.
    head.isPersistent = !wantsClose && (head.version == .http11 || wantsKeepAlive)
  }
}
