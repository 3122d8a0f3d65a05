import ContentCoding
import Testing

@Suite struct ContentEncoderTests {
  /// Text that repeats itself, and some that does not.
  private static func content(_ count: Int) -> [UInt8] {
    var state: UInt64 = 42
    return (0..<count).map { index in
      guard index % 3 == 0 else { return UInt8(0x61 + index / 3 % 26) }
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 60) + 0x30
    }
  }

  private static let sizes = [0, 1, 100, 16384, 65537, 3_000_000]

  @Test(arguments: Coding.allCases, sizes)
  func `what is coded at once is decoded to the same bytes`(coding: Coding, size: Int) throws {
    let content = Self.content(size)
    for known in [size, nil] {
      let encoder = try ContentEncoder(coding, level: coding.quickLevel, size: known)
      let coded = try encoder.output(of: content, .finish)
      #expect(Decoded(coded, coding)?.isWhole == true)
      #expect(Decoded(coded, coding)?.bytes == content)
    }
  }

  @Test(arguments: Coding.allCases)
  func `every level gives what can be decoded, and one beyond them is the nearest`(coding: Coding) throws {
    let content = Self.content(50_000)
    for level in [Int.min, -1] + Array(coding.levels) + [100, Int.max] {
      for effort in [Effort.streaming, .best] {
        let encoder = try ContentEncoder(coding, level: level, effort: effort, size: content.count)
        #expect(Decoded(try encoder.output(of: content, .finish), coding)?.bytes == content, "level \(level)")
      }
    }
  }

  @Test(arguments: Coding.allCases)
  func `after each flush a reader has all that went in`(coding: Coding) throws {
    let encoder = try ContentEncoder(coding, level: coding.quickLevel)
    var coded: [UInt8] = []
    var content: [UInt8] = []
    for size in [1, 0, 17, 70_000, 1, 0, 0, 2_000_000, 5] {
      let block = Self.content(size)
      content += block
      coded += try encoder.output(of: block, .flush)
      #expect(Decoded(coded, coding)?.bytes == content, "after a block of \(size)")
      #expect(Decoded(coded, coding)?.isWhole == false)
    }
    coded += try encoder.output(of: [], .finish)
    #expect(Decoded(coded, coding) == Decoded(coded, coding))
    #expect(Decoded(coded, coding)?.bytes == content)
    #expect(Decoded(coded, coding)?.isWhole == true)
  }

  @Test(arguments: Coding.allCases)
  func `without a flush the blocks make one stream`(coding: Coding) throws {
    let encoder = try ContentEncoder(coding, level: coding.quickLevel)
    var coded: [UInt8] = []
    let content = Self.content(500_000)
    for start in stride(from: 0, to: content.count, by: 777) {
      coded += try encoder.output(of: Array(content[start..<min(start + 777, content.count)]), .write)
    }
    coded += try encoder.output(of: [], .finish)
    #expect(Decoded(coded, coding)?.bytes == content)
    #expect(Decoded(coded, coding)?.isWhole == true)
  }

  @Test(arguments: Coding.allCases)
  func `one that is dropped midway leaves nothing to release`(coding: Coding) throws {
    for _ in 0..<50 {
      let encoder = try ContentEncoder(coding, level: coding.quickLevel)
      _ = try encoder.output(of: Self.content(10_000), .write)
    }
  }

  @Test func `the window of Zstandard is within what every browser decodes`() throws {
    let content = Self.content(12_000_000)
    let encoder = try ContentEncoder(.zstd, level: 3, effort: .best, size: content.count)
    // The decoder of the tests refuses more than 8 MiB.
    #expect(Decoded(try encoder.output(of: content, .finish), .zstd)?.isWhole == true)
  }
}
