import Testing

@testable import StaticFiles

@Suite struct PlaceTableTests {
  /// Hashes that collide in a table of any size that is tried here, and others.
  @Test(arguments: [1, 7, 1 << 20, -(1 << 20)])
  func `it says what a dictionary says`(step: Int) {
    var random = SystemRandomNumberGenerator()
    var table = PlaceTable()
    var dictionary: [Int: Int] = [:]
    for round in 0..<20_000 {
      let hash = step &* Int.random(in: 0..<300, using: &random)
      if Bool.random(using: &random) {
        table[hash] = round
        dictionary[hash] = round
      } else {
        table[hash] = nil
        dictionary[hash] = nil
      }
      #expect(table[hash] == dictionary[hash])
      #expect(table.count == dictionary.count)
    }
    for index in 0..<300 { #expect(table[step &* index] == dictionary[step &* index]) }
  }

  @Test func `what is not there is not found, in an empty one either`() {
    var table = PlaceTable()
    #expect(table[0] == nil && table[.min] == nil && table[.max] == nil)
    table[.min] = 0
    #expect(table[.min] == 0 && table[0] == nil)
    table[0] = nil
    #expect(table.count == 1)
  }
}
