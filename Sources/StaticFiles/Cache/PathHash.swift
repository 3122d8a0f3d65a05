/// Hashes paths for a table of this process: eight bytes at a time, each multiplied with what came before.
///
/// It is no hash against an enemy, as the standard library's is, at a tenth of its price: only paths of files that are
/// there come into the table, and the seed is nobody's to know.
struct PathHash: Sendable {
  private let seed = UInt64.random(in: .min ... .max)

  func callAsFunction(_ path: UnsafeRawBufferPointer) -> UInt64 {
    // By itself, or what is added to a path at its end could make up for its length.
    var hash = Self.mixed(seed ^ UInt64(truncatingIfNeeded: path.count))
    var offset = 0
    while path.count &- offset >= 8 {
      hash = Self.mixed(hash ^ path.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    var rest: UInt64 = 0
    while offset < path.count {
      rest = rest &<< 8 | UInt64(path[offset])
      offset &+= 1
    }
    return Self.mixed(hash ^ rest)
  }

  /// Both halves of a product, so that each bit of it depends on all that is below it and all that is above.
  private static func mixed(_ value: UInt64) -> UInt64 {
    // The golden ratio's fraction: odd, and with no pattern in its bits.
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
