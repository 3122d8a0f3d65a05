/// The field lines (RFC 9112 5).
///
///     field-line = field-name ":" OWS field-value OWS
extension RequestHeadParser {
  /// Goes through whole lines; where the bytes end within one, `step` goes on from its phase.
  mutating func parseFields(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    while try startField(bytes) {
      if phase == .endLF { return true }
      guard try parseFieldName(bytes), try parseFieldValue(bytes), try endField(bytes) else { return false }
    }
    return false
  }

  private mutating func startField(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    guard scanned < bytes.byteCount else { return false }
    let byte = bytes.byte(at: scanned)
    if byte == ASCII.cr {
      scanned += 1
      phase = .endLF
      return true
    }
    // RFC 9112 5.2: obs-fold is refused in a request; 2.2: so is white space before the first field.
    if byte.isOptionalWhitespace { throw HTTPRejection(.badRequest, "line begins with white space") }
    guard head.fields.count < limits.fieldCount else {
      throw HTTPRejection(.headerFieldsTooLarge, "too many header fields")
    }
    // Most requests have fewer, and an idle connection has none.
    if head.fields.capacity == 0 { head.fields.reserveCapacity(16) }
    lineStart = scanned
    // The line's own CRLF counts towards the head's size.
    lineLimit = min(lineStart + limits.fieldSize, fieldsStart + limits.headSize - 2)
    phase = .fieldName
    return true
  }

  /// `field-name = token`, right before the colon (RFC 9112 5.1)
  mutating func parseFieldName(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    let end = min(bytes.byteCount, lineLimit)
    if scanned < end { scanned = bytes.firstByte(notIn: .token, scanned..<end) }
    if scanned < end {
      let byte = bytes.byte(at: scanned)
      guard byte == ASCII.colon, scanned > lineStart else {
        throw HTTPRejection(.badRequest, "invalid header field name")
      }
      scanned += 1
      partStart = scanned
      phase = .fieldValue
      return true
    }
    try checkFieldLimit(bytes)
    return false
  }

  /// `field-value`: visible characters, `obs-text`, spaces and tabs up to the CR (RFC 9110 5.5)
  mutating func parseFieldValue(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    let end = min(bytes.byteCount, lineLimit)
    while scanned < end {
      scanned = bytes.firstControl(in: scanned..<end)
      guard scanned < end else { break }
      let byte = bytes.byte(at: scanned)
      scanned += 1
      if byte == ASCII.tab { continue }
      guard byte == ASCII.cr else {
        throw HTTPRejection(.badRequest, "control character in a header field")
      }
      phase = .fieldLF
      return true
    }
    guard scanned < bytes.byteCount else { return false }
    if scanned == lineLimit, bytes.byte(at: scanned) == ASCII.cr {
      scanned += 1
      phase = .fieldLF
      return true
    }
    try checkFieldLimit(bytes)
    return false
  }

  mutating func endField(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    guard try expectLF(bytes, then: .fieldStart) else { return false }
    let name = lineStart..<partStart - 1
    let value = bytes.trimmingOptionalWhitespace(partStart..<scanned - 2)
    let known = KnownField.lookup(bytes, name)
    try semantics.note(known, bytes, value)
    head.fields.append(RequestHead.Field(name: FieldSpan(name), value: FieldSpan(value), known: known))
    return true
  }

  mutating func endHead(_ bytes: RawSpan) throws(HTTPRejection) -> Bool {
    guard try expectLF(bytes, then: .complete) else { return false }
    try semantics.conclude(&head, limits: limits)
    return true
  }

  private func checkFieldLimit(_ bytes: RawSpan) throws(HTTPRejection) {
    if scanned < bytes.byteCount {
      throw HTTPRejection(.headerFieldsTooLarge, "header fields too large")
    }
  }
}
