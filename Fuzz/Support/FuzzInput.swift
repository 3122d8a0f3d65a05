/// What the fuzzer has made up: the first byte chooses how the rest is tried.
package struct FuzzInput {
  package let choice: UInt8
  package let bytes: [UInt8]

  /// Nil for an input that is too short to say anything.
  package init?(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    let all = UnsafeBufferPointer(start: start, count: count)
    guard let choice = all.first else { return nil }
    self.choice = choice
    bytes = Array(all.dropFirst())
  }

  /// One of the input's bits, as a yes or a no.
  package func chooses(_ bit: UInt8) -> Bool { choice & (1 << bit) != 0 }

  /// Places to cut the input at: they depend on it, so that the fuzzer can move them.
  package var cuts: [Int] {
    guard !bytes.isEmpty else { return [] }
    var sum = Int(choice)
    for byte in bytes { sum = (sum &* 31 &+ Int(byte)) & 0xFFFF }
    return [bytes.count * 1 / 3, sum % bytes.count, bytes.count - 1].sorted()
  }
}
