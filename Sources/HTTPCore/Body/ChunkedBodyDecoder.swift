/// Decodes the chunked transfer coding, strictly and resumably (RFC 9112 7.1).
///
///     chunked-body = *chunk last-chunk trailer-section CRLF
///     chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
///
/// Content is never copied: the decoder says where it is in what it was given. Extensions and trailers are
/// checked, bounded and dropped. Every byte that is not content is looked at once and need not be kept, so
/// `needMore` always consumes all. Like the head's parser, it decides at each byte: how the network cut them
/// makes no difference.
package struct ChunkedBodyDecoder: Sendable {
  package enum Event: Sendable, Equatable {
    /// Drop `consumed` bytes and come back when there are more.
    case needMore(consumed: Int)
    /// Content, within the bytes given. Take it, drop `consumed` bytes, and call again.
    case data(Range<Int>, consumed: Int)
    /// The body is complete; what follows `consumed` bytes is the next request.
    case end(consumed: Int)
    case rejected(HTTPRejection)
  }

  enum Phase: UInt8 {
    case size, sizeLF, data, dataCR, dataLF
    case extensionGap, extensionName, extensionNameGap
    case extensionValue, extensionToken, extensionQuoted, extensionEscape, extensionEnd
    case trailerStart, trailerName, trailerValue, trailerLF, endLF
    case complete, rejected
  }

  let limits: HTTPLimits
  var phase: Phase = .size

  /// Bytes of content so far, with those that the current chunk has yet to bring.
  package private(set) var total: Int64 = 0

  /// What is left of the current chunk.
  private var remaining: Int64 = 0
  private var digits = 0
  /// Bytes so far of all extensions; of the trailer section.
  var extensionLength = 0
  var trailerLength = 0
  /// Whether the part under way (a name, a token) has a byte yet.
  var isPartEmpty = true

  private var rejection: HTTPRejection?

  package init(limits: HTTPLimits) {
    self.limits = limits.clamped
  }

  /// The next event. After `end` it gives `end` with nothing consumed, after a rejection the same again.
  package mutating func decode(_ bytes: RawSpan) -> Event {
    if let rejection { return .rejected(rejection) }
    do throws(HTTPRejection) {
      var index = 0
      while index < bytes.byteCount {
        if phase == .data {
          let count = Int(min(remaining, Int64(bytes.byteCount - index)))
          remaining -= Int64(count)
          if remaining == 0 { phase = .dataCR }
          return .data(index..<index + count, consumed: index + count)
        }
        if phase == .complete { break }
        try take(bytes.byte(at: index))
        index += 1
      }
      return phase == .complete ? .end(consumed: index) : .needMore(consumed: index)
    } catch {
      phase = .rejected
      rejection = error
      return .rejected(error)
    }
  }

  private mutating func take(_ byte: UInt8) throws(HTTPRejection) {
    switch phase {
    case .size: try takeSize(byte)
    case .sizeLF: try endSizeLine(byte)
    case .dataCR:
      guard byte == ASCII.cr else { throw HTTPRejection(.badRequest, "chunk data not followed by CRLF") }
      phase = .dataLF
    case .dataLF:
      guard byte == ASCII.lf else { throw HTTPRejection(.badRequest, "chunk data not followed by CRLF") }
      beginSizeLine()
    case .extensionGap, .extensionName, .extensionNameGap, .extensionValue, .extensionToken, .extensionQuoted,
      .extensionEscape, .extensionEnd:
      try takeExtension(byte)
    case .trailerStart, .trailerName, .trailerValue, .trailerLF, .endLF:
      try takeTrailer(byte)
    case .data, .complete, .rejected:
      break
    }
  }

  private mutating func beginSizeLine() {
    phase = .size
    digits = 0
  }

  /// `chunk-size = 1*HEXDIG`. White space may only follow it before an extension.
  private mutating func takeSize(_ byte: UInt8) throws(HTTPRejection) {
    if let digit = byte.hexValue {
      // Sixteen digits are 64 bits: more, even of zeros, is nothing that a sender writes.
      guard digits < 16 else { throw HTTPRejection(.badRequest, "chunk size too long") }
      let (shifted, overflow) = remaining.multipliedReportingOverflow(by: 16)
      guard !overflow else { throw HTTPRejection(.badRequest, "chunk size too large") }
      remaining = shifted | Int64(digit)
      digits += 1
      return
    }
    guard digits > 0 else { throw HTTPRejection(.badRequest, "invalid chunk size") }
    try endPart(byte, "invalid chunk size")
  }

  /// What may follow a size or a whole extension: another extension, or the line's end.
  mutating func endPart(_ byte: UInt8, _ reason: StaticString) throws(HTTPRejection) {
    switch byte {
    case ASCII.space, ASCII.tab:
      try countExtension()
      phase = .extensionGap
    case ASCII.cr:
      phase = .sizeLF
    case ASCII.semicolon:
      try countExtension()
      phase = .extensionName
      isPartEmpty = true
    default:
      throw HTTPRejection(.badRequest, reason)
    }
  }

  private mutating func endSizeLine(_ byte: UInt8) throws(HTTPRejection) {
    guard byte == ASCII.lf else { throw HTTPRejection(.badRequest, "chunk-size line without CRLF") }
    if remaining == 0 {
      phase = .trailerStart
      return
    }
    let (sum, overflow) = total.addingReportingOverflow(remaining)
    guard !overflow, sum <= limits.bodySize else {
      throw HTTPRejection(.contentTooLarge, "content too large")
    }
    total = sum
    phase = .data
  }

  /// Counts a byte of an extension. As a size has sixteen digits at most, this bounds every line as well.
  mutating func countExtension() throws(HTTPRejection) {
    extensionLength += 1
    guard extensionLength <= limits.chunkExtensions else {
      throw HTTPRejection(.badRequest, "too many chunk extensions")
    }
  }
}
