/// Goes through a comma-separated field value: `#element` (RFC 9110 5.6.1).
///
/// A cursor over a range; the bytes are passed in at each step, so it can be kept. Empty elements are passed
/// over, as recipients must. Commas inside quoted strings do not separate.
package struct FieldList: Sendable {
  private var rest: Range<Int>

  package init(_ value: Range<Int>) {
    rest = value
  }

  package init(_ value: FieldSpan) {
    rest = value.range
  }

  /// The next element without white space around it, or nil at the end.
  package mutating func next(in bytes: RawSpan) -> Range<Int>? {
    while !rest.isEmpty {
      let end = FieldList.endOfElement(bytes, rest)
      let element = bytes.trimmingOptionalWhitespace(rest.lowerBound..<end)
      rest = min(end + 1, rest.upperBound)..<rest.upperBound
      if !element.isEmpty { return element }
    }
    return nil
  }

  /// Whether one of the elements is this token, in any case.
  package static func contains(_ bytes: RawSpan, _ value: FieldSpan, token lowercase: StaticString) -> Bool {
    var list = FieldList(value)
    while let element = list.next(in: bytes) {
      if bytes.equalsIgnoringCase(element, lowercase) { return true }
    }
    return false
  }

  /// The same of a value alone.
  package static func contains(_ value: RawSpan, token lowercase: StaticString) -> Bool {
    contains(value, FieldSpan(0..<value.byteCount), token: lowercase)
  }

  /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE` (RFC 9110 5.6.4). One that is not closed reaches
  /// to the end of the value.
  private static func endOfElement(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    var isQuoted = false
    while index < range.upperBound {
      let byte = bytes.byte(at: index)
      if byte == ASCII.quote {
        isQuoted.toggle()
      } else if byte == ASCII.backslash, isQuoted {
        index += 1
      } else if byte == ASCII.comma, !isQuoted {
        break
      }
      index += 1
    }
    return min(index, range.upperBound)
  }
}
