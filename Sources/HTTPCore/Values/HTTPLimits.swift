/// What one client may make the codec hold or read. Each bound has the status that exceeding it gets.
package struct HTTPLimits: Sendable, Equatable {
  /// Bytes of the request line without its CRLF. Beyond: 414 (RFC 9112 3).
  package var requestLine = 8190

  /// Bytes of one field line without its CRLF. Beyond: 431 (RFC 6585 5).
  package var fieldSize = 8190

  /// Field lines in a head. Beyond: 431.
  package var fieldCount = 100

  /// Bytes of all field lines together, line ends included, without the empty line. Beyond: 431.
  package var headSize = 65_536

  /// Bytes of content, whatever its framing. Beyond: 413.
  package var bodySize: Int64 = 1 << 30

  /// Bytes of all chunk extensions of one body together, and so of the longest line with a chunk's size, but for
  /// that size. Beyond: 400.
  ///
  /// Without it, one byte of content could be made to cost any number of bytes of reading (Go CVE-2023-39326).
  package var chunkExtensions = 65_536

  /// Bytes of a trailer section, line ends included, without the empty line. Beyond: 431.
  package var trailerSize = 8190

  package init() {}

  /// The longest line or head that the parser will follow, whatever the settings say: spans are 32 bits.
  static let largestHead = 1 << 30

  /// The same limits within the bounds that the codec's arithmetic relies on.
  var clamped: HTTPLimits {
    func clamp(_ value: Int) -> Int { min(max(value, 0), HTTPLimits.largestHead) }
    var limits = self
    limits.requestLine = clamp(requestLine)
    limits.fieldSize = clamp(fieldSize)
    limits.fieldCount = clamp(fieldCount)
    limits.headSize = clamp(headSize)
    limits.bodySize = max(bodySize, 0)
    limits.chunkExtensions = clamp(chunkExtensions)
    limits.trailerSize = clamp(trailerSize)
    return limits
  }
}
