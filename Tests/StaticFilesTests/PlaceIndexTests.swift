import Testing

@testable import StaticFiles

@Suite struct PlaceIndexTests {
  /// Few hashes of one low half, so that most of them are in each other's way.
  private static func crowded(_ generator: inout some RandomNumberGenerator) -> UInt64 {
    UInt64.random(in: 0..<4, using: &generator) << 32 | UInt64.random(in: 0..<24, using: &generator)
  }

  @Test func `it says what a dictionary says, whatever comes and goes`() {
    var generator = SystemRandomNumberGenerator()
    var index = PlaceIndex()
    var expected: [UInt64: Int] = [:]
    for place in 0..<20_000 {
      let hash = Self.crowded(&generator)
      if Bool.random(using: &generator) {
        index.set(place, for: hash)
        expected[hash] = place
      } else {
        index.remove(hash)
        expected[hash] = nil
      }
      let other = Self.crowded(&generator)
      #expect(index[other] == expected[other])
    }
    for (hash, place) in expected { #expect(index[hash] == place) }
  }

  @Test func `it grows`() {
    var index = PlaceIndex()
    let hashes = (0..<5000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
    for (place, hash) in hashes.enumerated() { index.set(place, for: hash) }
    for (place, hash) in hashes.enumerated() { #expect(index[hash] == place) }
    #expect(index[1] == nil)
  }

  @Test func `paths that differ in one byte, or in their length, have other hashes`() {
    let hash = PathHash()
    var seen: Set<UInt64> = []
    func add(_ path: [UInt8]) { #expect(seen.insert(path.withUnsafeBytes { hash($0) }).inserted) }
    for length in 0..<40 {
      let path = [UInt8](repeating: 0, count: length)
      add(path)
      for place in 0..<length {
        for byte in [1, 0x2F, 0x80, 0xFF] as [UInt8] {
          var other = path
          other[place] = byte
          add(other)
        }
      }
    }
    let path = Array("/static/shop.css".utf8)
    #expect(path.withUnsafeBytes { hash($0) } == path.withUnsafeBytes { hash($0) })
    #expect(path.withUnsafeBytes { hash($0) } != path.withUnsafeBytes { PathHash()($0) })
  }
}
