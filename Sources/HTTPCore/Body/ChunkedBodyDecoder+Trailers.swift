/// The trailer section (RFC 9112 7.1.2): field lines by the same rules as a head's, then dropped.
///
/// RFC 9110 6.5.1 lets a recipient drop trailers, and forbids to merge them where that is not known to be safe.
extension ChunkedBodyDecoder {
  mutating func takeTrailer(_ byte: UInt8) throws(HTTPRejection) {
    switch phase {
    case .trailerStart:
      if byte == ASCII.cr {
        phase = .endLF
        return
      }
      guard ByteClass.token.contains(byte) else {
        throw HTTPRejection(.badRequest, "invalid trailer field name")
      }
      try countTrailer()
      phase = .trailerName
    case .trailerName:
      guard byte == ASCII.colon || ByteClass.token.contains(byte) else {
        throw HTTPRejection(.badRequest, "invalid trailer field name")
      }
      try countTrailer()
      if byte == ASCII.colon { phase = .trailerValue }
    case .trailerValue:
      guard byte == ASCII.cr || byte.isFieldText else {
        throw HTTPRejection(.badRequest, "control character in a trailer field")
      }
      try countTrailer()
      if byte == ASCII.cr { phase = .trailerLF }
    case .trailerLF:
      guard byte == ASCII.lf else { throw HTTPRejection(.badRequest, "CR without LF in a trailer field") }
      try countTrailer()
      phase = .trailerStart
    default:
      guard byte == ASCII.lf else { throw HTTPRejection(.badRequest, "chunked body not ended by CRLF") }
      phase = .complete
    }
  }

  private mutating func countTrailer() throws(HTTPRejection) {
    trailerLength += 1
    guard trailerLength <= limits.trailerSize else {
      throw HTTPRejection(.headerFieldsTooLarge, "trailer section too large")
    }
  }
}
