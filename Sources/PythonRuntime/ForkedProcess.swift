import Synchronization

/// A process that the application has forked (`os.fork()`). Only the thread that forked exists in it: no event loop, no
/// other Python thread; and none of our locks can be trusted.
package enum ForkedProcess {
  private static let flag = Atomic(false)

  /// Whether this process is one.
  package static var isCurrent: Bool { flag.load(ordering: .relaxed) }

  /// Called in the child, by `os.register_at_fork`.
  package static func enter() {
    flag.store(true, ordering: .relaxed)
  }
}
