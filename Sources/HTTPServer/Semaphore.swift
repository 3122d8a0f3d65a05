import Glibc

/// A count of wake-ups that threads wait for.
///
/// A thread that wakes from it holds no lock, and owes none to anybody: behind a condition variable of the C library it
/// takes the lock again in such a way that letting go of it costs a system call, once for each wake-up.
package final class Semaphore: @unchecked Sendable {
  // The semaphore never moves; the C library's functions on it are for any thread.
  private let semaphore: UnsafeMutablePointer<sem_t>

  package init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  /// Wakes a thread, or lets the next one that comes not sleep.
  package func signal() {
    sem_post(semaphore)
  }

  /// Waits for one ``signal()``. Never for an event loop.
  package func wait() {
    while sem_wait(semaphore) != 0 {
      precondition(errno == EINTR, "sem_wait() fails with \(errno)")
    }
  }
}
