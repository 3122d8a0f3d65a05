import HTTPCore

extension ResponseHead {
  /// Says that the response depends on `Accept-Encoding` (RFC 9110, section 12.5.5).
  ///
  /// - Parameter weakensTag: where it is not known whether its content would go out in a coding: a weak tag is true of
  ///   either form.
  package mutating func varyByEncoding(weakensTag: Bool = false) {
    rewrite(weakensTag: weakensTag, dropsRanges: false)
  }

  /// Whether the tag is one of those that the client has named in `If-None-Match`, letter by letter. Then it is as it has
  /// gone out before.
  package func hasTag(namedBy request: RequestHead, _ bytes: RawSpan) -> Bool {
    var isNamed = false
    fields.forEachField { known, value in
      guard known == .etag else { return }
      for field in request.fields where field.known == .ifNoneMatch {
        var list = FieldList(field.value)
        while let element = list.next(in: bytes) {
          isNamed = isNamed || bytes.extracting(element).equals(value)
        }
      }
    }
    return isNamed
  }

  /// Turns the head of a response into the one that its coded form goes out with, of a length that is not known yet.
  ///
  /// Strong entity tags become weak: the application's tag stands for other bytes (RFC 9110, section 8.8.3.3). Nor are
  /// there ranges of what is coded anew each time.
  package mutating func apply(_ coding: Coding) {
    rewrite(weakensTag: true, dropsRanges: true)
    // A 304 describes what the client has; of content it has none (RFC 9110, section 15.4.5).
    guard status != .notModified else { return }
    fields.append(name: "Content-Encoding", value: coding.token)
    fields.setContentLength(nil)
  }

  private mutating func rewrite(weakensTag: Bool, dropsRanges: Bool) {
    var varies = false
    fields.rewrite { known, value in
      switch known {
      case .vary:
        if FieldList.contains(value, token: "*") || FieldList.contains(value, token: "accept-encoding") {
          varies = true
          return .keep
        }
        // A list over several lines is one list: it is enough to be named in one.
        guard !varies else { return .keep }
        varies = true
        return .replace(value.withUnsafeBytes { Array($0) } + Array(", Accept-Encoding".utf8))
      case .etag where weakensTag && !value.isEmpty && value.byte(at: 0) == ASCII.quote:
        return .replace(Array("W/".utf8) + value.withUnsafeBytes { Array($0) })
      case .acceptRanges where dropsRanges: return .drop
      default: return .keep
      }
    }
    if !varies { fields.append(name: "Vary", value: "Accept-Encoding" as StaticString) }
  }
}
