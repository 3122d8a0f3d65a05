import Glibc
import HTTPServer
import Synchronization

/// What one Python thread is doing: written by that thread, read by whoever watches it.
final class CallSlot: Sendable {
  /// The thread, as `threading.get_ident()` and as the kernel's library know it.
  let identifier: UInt

  struct Call {
    let exchange: Exchange
    let application: WSGIApplication
    /// How far the watch has come with it.
    var stage = Stage.running
    /// Its thread is to be told that it was interrupted.
    var isInterrupted = false
  }

  enum Stage {
    case running, warned, expired, writtenOff
  }

  private let call = Mutex<Call?>(nil)
  /// When the application has last begun or sent something, by ``CoarseTime``; 0 while it is not its turn.
  private let silentSince = Atomic<UInt64>(0)
  private let writtenOff = Atomic(false)

  init() {
    identifier = UInt(pthread_self())
  }

  /// The thread is given up: it ends when it comes back.
  var isWrittenOff: Bool { writtenOff.load(ordering: .relaxed) }

  // MARK: - The thread's side

  func begin(_ exchange: Exchange, _ application: WSGIApplication) {
    call.withLock {
      $0 = Call(exchange: exchange, application: application)
      if application.timeout > 0 { silentSince.store(CoarseTime.now, ordering: .relaxed) }
    }
  }

  /// Runs `body`, which waits for the client.
  func whileWaiting<Result>(_ body: () -> Result) -> Result {
    guard silentSince.load(ordering: .relaxed) != 0 else { return body() }
    silentSince.store(0, ordering: .relaxed)
    defer { silentSince.store(CoarseTime.now, ordering: .relaxed) }
    return body()
  }

  /// The application has sent something.
  func noteProgress() {
    if silentSince.load(ordering: .relaxed) != 0 { silentSince.store(CoarseTime.now, ordering: .relaxed) }
  }

  /// The application has returned: what it was to be interrupted in is over.
  ///
  /// - Returns: whether an exception was to be raised in the thread, and perhaps has not been.
  func takeInterruption() -> Bool {
    call.withLock { call in
      defer { call?.isInterrupted = false }
      return call?.isInterrupted ?? false
    }
  }

  /// - Returns: as ``takeInterruption()``.
  func end() -> Bool {
    silentSince.store(0, ordering: .relaxed)
    return call.withLock { call in
      defer { call = nil }
      return call?.isInterrupted ?? false
    }
  }

  // MARK: - The watch's side

  /// What is to be done about a call that has been silent.
  enum Finding {
    case slow(Call)
    case expired(Call)
    case lost(Call)
  }

  func look(at now: UInt64, grace: UInt64) -> (finding: Finding, silence: UInt64)? {
    call.withLock { call -> (Finding, UInt64)? in
      let since = silentSince.load(ordering: .relaxed)
      guard since > 0, now > since, var current = call, current.application.timeout > 0 else { return nil }
      let silence = now - since
      let timeout = current.application.timeout
      let finding: Finding
      switch current.stage {
      case .running where silence >= timeout / 2 && silence < timeout:
        current.stage = .warned
        finding = .slow(current)
      case .running where silence >= timeout, .warned where silence >= timeout:
        current.stage = .expired
        finding = .expired(current)
      case .expired where silence >= timeout + grace:
        current.stage = .writtenOff
        writtenOff.store(true, ordering: .relaxed)
        finding = .lost(current)
      default: return nil
      }
      call = current
      return (finding, silence)
    }
  }

  func isAtWork(on exchange: Exchange) -> Bool {
    call.withLock { $0?.exchange === exchange }
  }

  /// Sends a signal to the thread, if it is still at work on this exchange.
  func signal(_ number: CInt, about exchange: Exchange) -> Bool {
    // With the lock held, it can't end meanwhile.
    call.withLock { call in
      guard call?.exchange === exchange else { return false }
      return pthread_kill(pthread_t(identifier), number) == 0
    }
  }

  /// Whether the thread is still at work on this exchange; if so, it is noted that it gets an exception.
  func interrupt(_ exchange: Exchange) -> Bool {
    call.withLock { call in
      guard call?.exchange === exchange else { return false }
      call?.isInterrupted = true
      return true
    }
  }
}
