extension [UInt8] {
  /// The bytes of a string of scalars up to U+00FF, one for each: how tests write what goes over the wire.
  init(latin1 text: String) {
    self = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  var latin1: String { String(String.UnicodeScalarView(map { Unicode.Scalar($0) })) }
}
