import HTTPCore

/// Small numbers by the extensions of names: a hash table with open addressing, whose keys are the extensions
/// themselves in one number each. A lookup makes no string.
struct ExtensionTable: Sendable {
  /// 0 is an empty slot, which no extension is.
  private var keys: [UInt128] = Array(repeating: 0, count: 4096)
  private var values: [Int] = Array(repeating: 0, count: 4096)
  private(set) var count = 0

  /// Of 16 bytes at most; ASCII letters count in either case.
  subscript(_ name: ArraySlice<UInt8>) -> Int? {
    get {
      guard let key = Self.key(name) else { return nil }
      let slot = slot(of: key)
      return keys[slot] == key ? values[slot] : nil
    }
    set {
      // It never gets as full as to make a search long, or endless.
      guard let key = Self.key(name), let newValue, count < keys.count / 2 else { return }
      let slot = slot(of: key)
      if keys[slot] == 0 { count += 1 }
      keys[slot] = key
      values[slot] = newValue
    }
  }

  /// Where the key is, or would be.
  private func slot(of key: UInt128) -> Int {
    let mixed =
      (UInt64(truncatingIfNeeded: key) ^ UInt64(truncatingIfNeeded: key >> 64)) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: mixed >> 52)
    while keys[slot] != key, keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  private static func key(_ name: ArraySlice<UInt8>) -> UInt128? {
    guard !name.isEmpty, name.count <= 16 else { return nil }
    var key: UInt128 = 0
    for byte in name { key = key << 8 | UInt128(byte.lowercased) }
    return key == 0 ? nil : key
  }
}
