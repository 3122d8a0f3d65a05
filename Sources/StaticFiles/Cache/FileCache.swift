import Glibc
import Synchronization

/// Responses to requests for small files, and to those for the coded forms of others, in a bounded amount of memory.
///
/// One for all event loops, behind a lock that is held for a look at a table: nothing is there twice, and no loop waits
/// for long. What is found is not to be used before it has been compared with the file (``CachedFile/isCurrent``).
/// Nothing is remembered of files that are not there.
///
/// What has not been used for longest, about, has to give way: a hand goes round, and spares what was used since it came
/// by last ("clock").
package final class FileCache: Sendable {
  private struct Slot {
    let file: CachedFile
    let hash: Int
    var isRecent = false
  }

  private struct State {
    /// Places in `slots` by the hash of a path, whose seed nobody outside knows: two paths with one hash are no more to
    /// be expected than a broken disk, and if there are, one of them is not kept.
    var places = PlaceTable()
    var slots: [Slot] = []
    var hand = 0
    var byteCount = 0
  }

  /// Bytes of memory, about, that all of it takes at most.
  package let limit: Int
  /// Larger files are not kept, but for coded forms of them.
  package let fileLimit: Int
  private let state = Mutex(State())

  package init(limit: Int, fileLimit: Int) {
    self.limit = limit
    self.fileLimit = fileLimit
  }

  /// What is kept for a path as it stands in a request.
  func find(_ path: RawSpan) -> CachedFile? {
    path.withUnsafeBytes { path in
      let hash = Self.hash(path)
      let file = state.withLock { state -> CachedFile? in
        guard let place = state.places[hash] else { return nil }
        state.slots[place].isRecent = true
        return state.slots[place].file
      }
      guard let file, file.isNamed(path) else { return nil }
      return file
    }
  }

  /// Whether there is room for so much of one file. What took more than an eighth of the whole would push out too much
  /// else, and soon be pushed out itself.
  func hasRoom(for cost: Int) -> Bool { cost <= limit / 8 }

  /// Keeps a file in the place of what was kept for its path; nothing of it, where it is too large.
  func insert(_ file: CachedFile) {
    guard hasRoom(for: file.cost) else { return remove(file) }
    let hash = file.key.withUnsafeBytes { Self.hash($0) }
    state.withLock { state in
      if let place = state.places[hash] { Self.remove(place, from: &state) }
      while state.byteCount + file.cost > limit, Self.evict(from: &state) {}
      state.places[hash] = state.slots.count
      state.slots.append(Slot(file: file, hash: hash))
      state.byteCount += file.cost
    }
  }

  /// Forgets what is kept for the path of a file.
  func remove(_ file: CachedFile) {
    let hash = file.key.withUnsafeBytes { Self.hash($0) }
    state.withLock { state in
      if let place = state.places[hash] { Self.remove(place, from: &state) }
    }
  }

  /// How much there is, and what it takes: for tests and logs.
  var contents: (files: Int, bytes: Int) { state.withLock { ($0.slots.count, $0.byteCount) } }

  // MARK: -

  private static func hash(_ path: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: path)
    return hasher.finalize()
  }

  /// - Returns: whether there was anything to evict.
  private static func evict(from state: inout State) -> Bool {
    guard !state.slots.isEmpty else { return false }
    while true {
      if state.hand >= state.slots.count { state.hand = 0 }
      guard state.slots[state.hand].isRecent else {
        remove(state.hand, from: &state)
        return true
      }
      state.slots[state.hand].isRecent = false
      state.hand += 1
    }
  }

  /// The last one takes the place of the one that goes.
  private static func remove(_ place: Int, from state: inout State) {
    let removed = state.slots[place]
    state.byteCount -= removed.file.cost
    state.places[removed.hash] = nil
    let last = state.slots.removeLast()
    guard place < state.slots.count else { return }
    state.slots[place] = last
    state.places[last.hash] = place
  }
}
