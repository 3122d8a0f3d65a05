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
        let type = QualityValue.subject(bytes, element)
        let preference = Preference(
          quality: QualityValue(bytes, parameters: type.upperBound..<element.upperBound).thousandths,
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

  /// Whether a field has this very type in it, and not to say that it is unwanted.
  package static func names(_ type: StaticString, _ bytes: RawSpan, _ field: FieldSpan) -> Bool {
    var list = FieldList(field)
    while let element = list.next(in: bytes) {
      let found = QualityValue.subject(bytes, element)
      let quality = QualityValue(bytes, parameters: found.upperBound..<element.upperBound)
      if bytes.equalsIgnoringCase(found, type), quality.thousandths > 0 { return true }
    }
    return false
  }

  /// Of two with the same quality, the one that was named first counts.
  private struct Preference: Comparable {
    let quality, position: Int

    static func < (left: Preference, right: Preference) -> Bool {
      (left.quality, -left.position) < (right.quality, -right.position)
    }
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
}
