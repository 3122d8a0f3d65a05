/// Parses request heads, strictly and resumably (RFC 9112 2–3, 5–6).
///
/// It goes over the bytes once, from left to right, and decides at each byte: what it says of some bytes
/// depends on them only, never on how they were cut by the network. A line is checked as it comes, so what can
/// never become a request (a TLS handshake, a bare LF) is refused at its first bad byte. Nothing is repaired.
///
/// A value with no I/O and no copy of the input. After a rejection it gives the same rejection for ever, until
/// `reset`.
package struct RequestHeadParser: Sendable {
  package enum Outcome: Sendable, Equatable {
    /// All bytes so far may begin a head; give them again with more behind them.
    case needMore
    /// `head` is the table of the first `headLength` bytes, which the body follows.
    case complete(headLength: Int)
    case rejected(HTTPRejection)
  }

  enum Phase: UInt8 {
    case leading, leadingLF
    case method, target, version, requestLineLF
    case fieldStart, fieldName, fieldValue, fieldLF, endLF
    case complete, rejected
  }

  let limits: HTTPLimits
  package internal(set) var head = RequestHead()
  var phase: Phase = .leading
  var semantics = HeadSemantics()

  /// The first byte not looked at.
  var scanned = 0
  /// Where the request line or field line under way begins.
  var lineStart = 0
  /// Where the target, version or field value under way begins.
  var partStart = 0
  /// Where the first field line begins.
  var fieldsStart = 0
  /// The last place where the line under way may have its CR.
  var lineLimit = 0

  private var rejection: HTTPRejection?

  package init(limits: HTTPLimits) {
    self.limits = limits.clamped
  }

  /// Whether nothing has come yet but empty lines: the connection is idle, and may be closed.
  package var isEmpty: Bool { phase == .leading || phase == .leadingLF }

  /// Goes on parsing.
  ///
  /// - Parameter bytes: everything received since the head's first byte, with any bytes behind the head. The
  ///   ones of the last call must be the same again.
  package mutating func parse(_ bytes: RawSpan) -> Outcome {
    do throws(HTTPRejection) {
      while phase != .complete {
        if let rejection { return .rejected(rejection) }
        guard try step(bytes) else { return .needMore }
      }
      return .complete(headLength: scanned)
    } catch {
      phase = .rejected
      rejection = error
      return .rejected(error)
    }
  }

  /// Hands the table over and makes the parser ready for the next head.
  package mutating func takeHead() -> RequestHead {
    var taken = RequestHead()
    swap(&taken, &head)
    resetScan()
    return taken
  }

  /// Gives it the memory of an empty table to fill.
  package mutating func lendTable(_ table: consuming [RequestHead.Field]) {
    guard head.fields.isEmpty, table.isEmpty else { return }
    head.fields = table
  }

  /// Takes that memory back: between heads it needs none.
  package mutating func takeTable() -> [RequestHead.Field] {
    var table: [RequestHead.Field] = []
    if head.fields.isEmpty { swap(&table, &head.fields) }
    return table
  }

  /// Forgets everything and is ready for the first byte of a head.
  package mutating func reset() {
    head.removeAll()
    resetScan()
  }

  private mutating func resetScan() {
    phase = .leading
    semantics = HeadSemantics()
    scanned = 0
    lineStart = 0
    partStart = 0
    fieldsStart = 0
    lineLimit = 0
    rejection = nil
  }

  /// Gets one part further; false if it needs more bytes for that.
  private mutating func step(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    switch phase {
    case .leading: try skipEmptyLine(bytes)
    case .leadingLF: try expectLF(bytes, then: .leading)
    case .method: try parseMethod(bytes)
    case .target: try parseTarget(bytes)
    case .version: try parseVersion(bytes)
    case .requestLineLF: try endRequestLine(bytes)
    case .fieldStart: try parseFields(bytes)
    case .fieldName: try parseFieldName(bytes)
    case .fieldValue: try parseFieldValue(bytes)
    case .fieldLF: try endField(bytes)
    case .endLF: try endHead(bytes)
    case .complete, .rejected: false
    }
  }

  /// The second half of a line end. RFC 9112 2.2: a CR without an LF is invalid.
  mutating func expectLF(_ bytes: RawSpan, then next: Phase) throws(HTTPRejection) -> Bool {
    guard scanned < bytes.byteCount else { return false }
    guard bytes.byte(at: scanned) == ASCII.lf else { throw HTTPRejection(.badRequest, "CR without LF") }
    scanned += 1
    phase = next
    return true
  }
}
