/// Codings in an order of preference, each once: in one word, since one is made for each request for a file.
package struct CodingRanking: Sendable, Equatable {
  /// The codings' raw values plus one, four bits each, the first of them lowest.
  private var packed: UInt32 = 0

  package init() {}

  package init(_ codings: some Sequence<Coding>) {
    for coding in codings where !contains(coding) { append(coding) }
  }

  /// There is room for every coding that there is.
  mutating func append(_ coding: Coding) {
    packed |= (UInt32(coding.rawValue) + 1) << UInt32(4 * count)
  }

  package var count: Int { (35 - packed.leadingZeroBitCount) / 4 }
}

extension CodingRanking: Sequence, IteratorProtocol {
  package mutating func next() -> Coding? {
    guard packed != 0 else { return nil }
    defer { packed >>= 4 }
    return Coding(rawValue: UInt8(truncatingIfNeeded: packed & 0xF) &- 1)
  }
}
