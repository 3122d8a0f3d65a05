import HTTPCore

/// Tells most paths that are beneath none of some prefixes, by their first eight bytes: requests for the application pass
/// by the routes with it.
struct PrefixFilter: Sendable {
  private struct Beginning {
    let word: UInt64
    /// Of as many bytes as the prefix has, eight at most.
    let mask: UInt64
  }

  private let beginnings: [Beginning]

  init(_ prefixes: [PathPrefix]) {
    beginnings = prefixes.map { prefix in
      let bytes = prefix.bytes.prefix(8)
      let mask = bytes.count == 8 ? UInt64.max : (1 << UInt64(8 * bytes.count)) - 1
      return Beginning(word: bytes.withUnsafeBytes { Self.word($0.bytes) }, mask: mask)
    }
  }

  /// - Parameter path: as it stands in a request.
  func mayHavePrefix(_ path: RawSpan) -> Bool {
    let word = Self.word(path)
    // A path that is shorter than a prefix has zeros there, which no prefix has.
    for beginning in beginnings where word & beginning.mask == beginning.word { return true }
    return false
  }

  /// The first eight bytes, with zeros for those that are not there.
  private static func word(_ bytes: RawSpan) -> UInt64 {
    if bytes.byteCount >= 8 { return bytes.word(at: 0) }
    var word: UInt64 = 0
    for index in 0..<bytes.byteCount { word |= UInt64(bytes.byte(at: index)) << UInt64(8 * index) }
    return word
  }
}
