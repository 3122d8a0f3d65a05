/// Chunk extensions (RFC 9112 7.1.1). `BWS` is white space that old senders put there and a recipient has to take
/// (RFC 9110 5.6.3); it is taken nowhere else, so a size followed by white space and the line's end is refused.
///
///     chunk-ext     = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
///     chunk-ext-val = token / quoted-string
///
/// They are checked byte by byte because others have been made to end a line inside one (a CR or LF in a
/// quoted string), which is request smuggling.
extension ChunkedBodyDecoder {
  mutating func takeExtension(_ byte: UInt8) throws(HTTPRejection) {
    switch phase {
    case .extensionGap:
      // Behind the gap comes another extension.
      guard byte.isOptionalWhitespace || byte == ASCII.semicolon else {
        throw ChunkedBodyDecoder.invalidExtension
      }
      try endPart(byte, "invalid chunk extension")
    case .extensionName:
      if ByteClass.token.contains(byte) { return try takePart() }
      if isPartEmpty {
        guard byte.isOptionalWhitespace else { throw ChunkedBodyDecoder.invalidExtension }
        return try countExtension()
      }
      if byte == ASCII.cr { return try endPart(byte, "invalid chunk extension") }
      phase = .extensionNameGap
      try takeExtension(byte)
    case .extensionNameGap:
      if byte.isOptionalWhitespace { return try countExtension() }
      if byte == ASCII.equals {
        try countExtension()
        phase = .extensionValue
        return
      }
      guard byte == ASCII.semicolon else { throw ChunkedBodyDecoder.invalidExtension }
      try endPart(byte, "invalid chunk extension")
    case .extensionValue:
      if byte.isOptionalWhitespace { return try countExtension() }
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
