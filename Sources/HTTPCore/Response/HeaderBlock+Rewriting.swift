/// Reading and changing the fields of a response that has them all.
extension HeaderBlock {
  /// One field line: where its parts are in `bytes`.
  struct Line {
    let name, value: Range<Int>
    /// With the CRLF.
    let whole: Range<Int>
  }

  /// The line that begins at an offset; nil behind the last one.
  func line(at start: Int) -> Line? {
    guard start < bytes.count, let colon = bytes[start...].firstIndex(of: ASCII.colon),
      let lf = bytes[colon...].firstIndex(of: ASCII.lf)
    else { return nil }
    // `: ` before the value, and the CR behind it.
    let valueStart = min(colon + 2, lf)
    return Line(name: start..<colon, value: valueStart..<max(lf - 1, valueStart), whole: start..<lf + 1)
  }

  /// Goes through the fields in their order. `Content-Length` is not among them.
  package func forEachField(_ body: (KnownField, RawSpan) -> Void) {
    let span = bytes.span.bytes
    var offset = 0
    while let line = line(at: offset) {
      body(KnownField.lookup(span.extracting(line.name)), span.extracting(line.value))
      offset = line.whole.upperBound
    }
  }

  package enum Rewriting {
    case keep, drop
    /// With another value, which has to be one that can be sent.
    case replace([UInt8])
  }

  /// Lets `decide` change or drop each field but `Content-Length`.
  package mutating func rewrite(_ decide: (KnownField, RawSpan) -> Rewriting) {
    let old = self
    removeAll()
    bytes.reserveCapacity(old.bytes.count + 64)
    setContentLength(old.contentLength)
    let span = old.bytes.span.bytes
    var offset = 0
    while let line = old.line(at: offset) {
      let name = span.extracting(line.name)
      let value = span.extracting(line.value)
      let known = KnownField.lookup(name)
      switch decide(known, value) {
      case .keep: write(known, name, value)
      case .drop: break
      case .replace(let new): write(known, name, new.span.bytes)
      }
      offset = line.whole.upperBound
    }
  }

  /// The same without the fields that are not among these, and without a length.
  package func keeping(_ kept: Set<KnownField>) -> HeaderBlock {
    var result = self
    result.setContentLength(nil)
    result.rewrite { known, _ in kept.contains(known) ? .keep : .drop }
    return result
  }
}
