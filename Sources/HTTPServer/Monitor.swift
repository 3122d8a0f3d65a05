import Glibc

/// A value guarded by a lock, with threads that can wait for it to change.
///
/// Waiting is for Python threads and start-up: an event loop takes the lock for a few instructions. It waits where it is
/// to pause, for a bounded time, and nowhere else.
package final class Monitor<State>: @unchecked Sendable {
  // `state` is touched with `mutex` held, and nowhere else; the two pthread objects never move.
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  package init(_ state: State) {
    self.state = state
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    changed = .allocate(capacity: 1)
    changed.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    changed.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Waits until `body` gives a result; it is asked again after each ``signal()`` and ``broadcast()``.
  package func wait<Result>(until body: (inout State) -> Result?) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      pthread_cond_wait(changed, mutex)
    }
  }

  /// The same with a bound on the time, in milliseconds; nil when it has passed.
  package func wait<Result>(milliseconds: Int64, until body: (inout State) -> Result?) -> Result? {
    wait(microseconds: milliseconds * 1000, until: body)
  }

  /// The same in microseconds.
  package func wait<Result>(microseconds: Int64, until body: (inout State) -> Result?) -> Result? {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let nanoseconds = Int64(deadline.tv_nsec) + (microseconds % 1_000_000) * 1000
    deadline.tv_sec += Int(microseconds / 1_000_000 + nanoseconds / 1_000_000_000)
    deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)

    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = body(&state) { return result }
      if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return body(&state) }
    }
  }

  /// Wakes one of the waiting threads.
  package func signal() {
    pthread_cond_signal(changed)
  }

  /// Wakes all of them.
  package func broadcast() {
    pthread_cond_broadcast(changed)
  }
}
