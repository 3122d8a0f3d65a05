import Glibc
import Synchronization

/// Which descriptors are sockets of the server, so that a process that the application forks can close them: it must keep
/// neither an address in use nor a client's connection open.
///
/// One bit for each number, in memory that is never freed; a forked process can read it without a lock.
package enum ServerDescriptors {
  private static let bitsPerWord = UInt64.bitWidth
  private static let limit = 1 << 20
  // Atomics behind a pointer that is set once.
  nonisolated(unsafe) private static let words: UnsafeMutablePointer<Atomic<UInt64>> = {
    let words = UnsafeMutablePointer<Atomic<UInt64>>.allocate(capacity: limit / bitsPerWord)
    for index in 0..<limit / bitsPerWord { (words + index).initialize(to: Atomic(0)) }
    return words
  }()

  static func insert(_ descriptor: CInt) {
    guard let (index, bit) = position(of: descriptor) else { return }
    words[index].bitwiseOr(bit, ordering: .relaxed)
  }

  static func remove(_ descriptor: CInt) {
    guard let (index, bit) = position(of: descriptor) else { return }
    words[index].bitwiseAnd(~bit, ordering: .relaxed)
  }

  private static func position(of descriptor: CInt) -> (index: Int, bit: UInt64)? {
    guard descriptor >= 0, descriptor < limit else { return nil }
    return (Int(descriptor) / bitsPerWord, 1 << UInt64(Int(descriptor) % bitsPerWord))
  }

  /// Closes all of them. In a forked process only.
  package static func closeAll() {
    for index in 0..<limit / bitsPerWord {
      var word = words[index].load(ordering: .relaxed)
      while word != 0 {
        let bit = word.trailingZeroBitCount
        close(CInt(index * bitsPerWord + bit))
        word &= word - 1
      }
    }
  }
}
