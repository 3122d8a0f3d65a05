/// How much a client wants one of several things (RFC 9110, section 12.4.2).
///
///     weight = OWS ";" OWS "q=" qvalue
///     qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
package struct QualityValue: Sendable, Equatable {
  /// 1,000 without a weight, and 0, which is not at all, for one that is malformed.
  package let thousandths: Int

  /// - Parameter parameters: what follows the subject in an element of a list: empty, or from a semicolon on.
  package init(_ bytes: RawSpan, parameters: Range<Int>) {
    var index = parameters.lowerBound
    while index < parameters.upperBound {
      var end = index + 1
      while end < parameters.upperBound, bytes.byte(at: end) != ASCII.semicolon { end += 1 }
      let parameter = bytes.trimmingOptionalWhitespace(index + 1..<end)
      if parameter.count >= 2, bytes.equalsIgnoringCase(parameter.lowerBound..<parameter.lowerBound + 2, "q=")
      {
        thousandths = Self.parse(bytes, parameter.lowerBound + 2..<parameter.upperBound)
        return
      }
      index = end
    }
    thousandths = 1000
  }

  /// What an element of a list is about: all before the first semicolon. The parameters begin at or behind its end.
  package static func subject(_ bytes: RawSpan, _ element: Range<Int>) -> Range<Int> {
    var end = element.lowerBound
    while end < element.upperBound, bytes.byte(at: end) != ASCII.semicolon { end += 1 }
    return bytes.trimmingOptionalWhitespace(element.lowerBound..<end)
  }

  private static func parse(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
    guard !range.isEmpty, range.count <= 5 else { return 0 }
    var value = 0
    var scale = 1000
    for (position, index) in range.enumerated() {
      let byte = bytes.byte(at: index)
      if position == 1 {
        guard byte == UInt8(ascii: ".") else { return 0 }
        continue
      }
      guard byte.isDigit else { return 0 }
      value += Int(byte & 0x0F) * scale
      scale /= 10
    }
    return value <= 1000 ? value : 0
  }
}
