/// Chunk extensions (RFC 9112 7.1.1), without the "bad" white space that the RFC tolerates.
///
///     chunk-ext     = *( ";" chunk-ext-name [ "=" chunk-ext-val ] )
///     chunk-ext-val = token / quoted-string
///
/// They are checked byte by byte because others have been made to end a line inside one (a CR or LF in a
/// quoted string), which is request smuggling.
extension ChunkedBodyDecoder {
  mutating func takeExtension(_ byte: UInt8) throws(HTTPRejection) {
    switch phase {
    case .extensionName:
      if ByteClass.token.contains(byte) { return try takePart() }
      guard !isPartEmpty else { throw ChunkedBodyDecoder.invalidExtension }
      if byte == ASCII.equals {
        try countExtension()
        phase = .extensionValue
        return
      }
      try endPart(byte, "invalid chunk extension")
    case .extensionValue:
      guard byte == ASCII.quote || ByteClass.token.contains(byte) else {
        throw ChunkedBodyDecoder.invalidExtension
      }
      try countExtension()
      phase = byte == ASCII.quote ? .extensionQuoted : .extensionToken
    case .extensionToken:
      if ByteClass.token.contains(byte) { return try countExtension() }
      try endPart(byte, "invalid chunk extension")
    case .extensionQuoted, .extensionEscape:
      // RFC 9110 5.6.4: qdtext and quoted-pair have the same bytes, but for what ends the string.
      guard byte.isFieldText else { throw ChunkedBodyDecoder.invalidExtension }
      try countExtension()
      if phase == .extensionEscape {
        phase = .extensionQuoted
      } else if byte == ASCII.backslash {
        phase = .extensionEscape
      } else if byte == ASCII.quote {
        phase = .extensionEnd
      }
    default:
      try endPart(byte, "invalid chunk extension")
    }
  }

  private mutating func takePart() throws(HTTPRejection) {
    isPartEmpty = false
    try countExtension()
  }

  private static var invalidExtension: HTTPRejection { HTTPRejection(.badRequest, "invalid chunk extension") }
}
