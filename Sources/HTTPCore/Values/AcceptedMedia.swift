/// What a client would rather have, by its `Accept` fields (RFC 9110, section 12.5.1).
package enum AcceptedMedia {
  /// Whether JSON is asked for, and no less than plain text or a page. Without a word of it, it is not.
  package static func prefersJSON(_ head: RequestHead, _ bytes: RawSpan) -> Bool {
    var json: Preference?
    var text: Preference?
    var position = 0
    for field in head.fields where field.known == .accept {
      var list = FieldList(field.value)
      while let element = list.next(in: bytes) {
        position += 1
        let type = mediaType(bytes, element)
        let preference = Preference(
          quality: quality(bytes, type.upperBound..<element.upperBound),
          position: position
        )
        if isJSON(bytes, type) {
          json = json.map { max($0, preference) } ?? preference
        } else if isText(bytes, type) {
          text = text.map { max($0, preference) } ?? preference
        }
      }
    }
    guard let json, json.quality > 0 else { return false }
    return text.map { json > $0 } ?? true
  }

  /// Of two with the same quality, the one that was named first counts.
  private struct Preference: Comparable {
    let quality, position: Int

    static func < (left: Preference, right: Preference) -> Bool {
      (left.quality, -left.position) < (right.quality, -right.position)
    }
  }

  private static func mediaType(_ bytes: RawSpan, _ element: Range<Int>) -> Range<Int> {
    var end = element.lowerBound
    while end < element.upperBound, bytes.byte(at: end) != UInt8(ascii: ";") { end += 1 }
    return bytes.trimmingOptionalWhitespace(element.lowerBound..<end)
  }

  private static func isJSON(_ bytes: RawSpan, _ type: Range<Int>) -> Bool {
    if bytes.equalsIgnoringCase(type, "application/json") { return true }
    let suffix = type.upperBound - 5..<type.upperBound
    return type.count > 5 && bytes.equalsIgnoringCase(suffix, "+json")
  }

  private static func isText(_ bytes: RawSpan, _ type: Range<Int>) -> Bool {
    bytes.equalsIgnoringCase(type, "text/html") || bytes.equalsIgnoringCase(type, "text/plain")
      || bytes.equalsIgnoringCase(type, "text/*") || bytes.equalsIgnoringCase(type, "application/xhtml+xml")
  }

  /// The weight, in thousandths; 1,000 without one, 0 for one that is malformed.
  private static func quality(_ bytes: RawSpan, _ parameters: Range<Int>) -> Int {
    var index = parameters.lowerBound
    while index < parameters.upperBound {
      var end = index + 1
      while end < parameters.upperBound, bytes.byte(at: end) != UInt8(ascii: ";") { end += 1 }
      let parameter = bytes.trimmingOptionalWhitespace(index + 1..<end)
      if parameter.count >= 2, bytes.equalsIgnoringCase(parameter.lowerBound..<parameter.lowerBound + 2, "q=")
      {
        return weight(bytes, parameter.lowerBound + 2..<parameter.upperBound)
      }
      index = end
    }
    return 1000
  }

  /// `0`, `1`, `0.123`, `1.000` (RFC 9110, section 12.4.2)
  private static func weight(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
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
