import Glibc

/// Which threads the process's signals may be delivered to.
package enum SignalMask {
  /// Runs `body` with every signal blocked but those of a fault in the thread itself: threads that it starts
  /// inherit the mask for good.
  package static func withAllBlocked<Result>(_ body: () -> Result) -> Result {
    var blocked = sigset_t()
    sigfillset(&blocked)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP] { sigdelset(&blocked, fault) }
    var previous = sigset_t()
    pthread_sigmask(SIG_BLOCK, &blocked, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    return body()
  }
}
