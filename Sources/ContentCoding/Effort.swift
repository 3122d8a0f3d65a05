/// How far back a compressor looks for repetitions, which decides its memory and its reader's.
package enum Effort: Sendable {
  /// One of many at a time: 6 MiB at most at the usual levels (gzip: 256 KiB), and 37 MiB at Brotli's level 9, the most of
  /// all. Measured with the libraries of Debian 12.
  case streaming
  /// One at a time, in the background: up to 66 MiB for content of 4 MiB.
  case best

  /// The window in bits. Of gzip it is always 15, which is 32 KiB.
  ///
  /// What the readers can do: Brotli's windows end at 24 bits, and all of them decode 22; of Zstandard every browser
  /// decodes 8 MiB and no more (RFC 9659).
  func window(of coding: Coding, size: Int?) -> Int {
    let largest =
      switch (self, coding) {
      case (.streaming, _): 18
      case (.best, .brotli): 22
      case (.best, _): 23
      }
    guard let size else { return largest }
    // As many bits as the size has.
    return min(largest, max(Self.smallest, Int.bitWidth - max(size, 0).leadingZeroBitCount))
  }

  /// 64 KiB: below it there is nothing to save.
  private static let smallest = 16
}
