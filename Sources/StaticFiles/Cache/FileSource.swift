import ContentCoding
import Glibc
import HTTPServer
import Synchronization

/// A file or a directory beneath a root, and what it was when it was looked at: content was made of it.
final class FileSource: Sendable {
  let path: RelativePath
  let stamp: FileStamp
  /// The path as the kernel takes it, so that nothing has to be made of it each time.
  private let terminated: [CChar]
  /// The last round in which it was seen to be current.
  private let lastRound = Atomic<UInt64>(0)

  init(path: RelativePath, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
    terminated = path.withCString { pointer in
      Array(UnsafeBufferPointer(start: pointer, count: strlen(pointer) + 1))
    }
  }

  /// A directory as it is now; nil where there is none.
  convenience init?(directory path: RelativePath, beneath root: FileRoot) {
    guard let stamp = path.withCString({ root.stamp(ofDirectory: $0) }) else { return nil }
    self.init(path: path, stamp: stamp)
  }

  /// Whether the path leads to that file, unchanged, now. One call of the kernel's.
  ///
  /// The call follows links to wherever they lead. But what has the stamp of the file that was opened beneath the root
  /// is that file, whichever way led to it.
  func isCurrent(beneath root: FileRoot) -> Bool {
    terminated.withUnsafeBufferPointer { path in
      guard let path = path.baseAddress else { return false }
      return root.has(stamp, at: path)
    }
  }

  /// The same for a request that is answered in a round: one look in it is enough.
  func isCurrent(beneath root: FileRoot, in round: AnswerRound?) -> Bool {
    guard let round else { return isCurrent(beneath: root) }
    if lastRound.load(ordering: .relaxed) == round.number { return true }
    guard isCurrent(beneath: root) else { return false }
    lastRound.store(round.number, ordering: .relaxed)
    return true
  }
}

/// Neighbours that were not there when their directory was looked at.
struct AbsentNeighbours: Sendable {
  /// What they would be the file in.
  let codings: CodingSet
  /// As long as it is unchanged no name has come into it.
  let directory: FileSource
}
