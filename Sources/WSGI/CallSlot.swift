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
  }

  /// How far the watch has come with a call.
  private enum Stage {
    case running, warned, expired, writtenOff
  }

  /// What is kept of the call while it runs. It does not own what it points to: the thread does until ``end()``, which
  /// takes the lock, and whoever else looks at it holds the lock meanwhile.
  private struct Entry: @unchecked Sendable {
    let exchange: Unmanaged<Exchange>
    let application: Unmanaged<WSGIApplication>
    var stage = Stage.running
    /// Its thread is to be told that it was interrupted.
    var isInterrupted = false

    func isOf(_ exchange: Exchange) -> Bool {
      self.exchange.toOpaque() == Unmanaged.passUnretained(exchange).toOpaque()
    }

    var call: Call {
      Call(exchange: exchange.takeUnretainedValue(), application: application.takeUnretainedValue())
    }
  }

  private let call = Mutex<Entry?>(nil)
  /// When the application has last begun or sent something, by ``CoarseTime``; 0 while it is not its turn.
  private let silentSince = Atomic<UInt64>(0)
  private let writtenOff = Atomic(false)

  init() {
    identifier = UInt(pthread_self())
  }

  /// The thread is given up: it ends when it comes back.
  var isWrittenOff: Bool { writtenOff.load(ordering: .relaxed) }

  // MARK: - The thread's side

  /// Both must live until ``end()``.
  func begin(_ exchange: Exchange, _ application: WSGIApplication) {
    call.withLock {
      $0 = Entry(exchange: .passUnretained(exchange), application: .passUnretained(application))
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
    call.withLock { entry -> (Finding, UInt64)? in
      let since = silentSince.load(ordering: .relaxed)
      guard since > 0, now > since, let current = entry else { return nil }
      let call = current.call
      guard call.application.timeout > 0 else { return nil }
      let silence = now - since
      let timeout = call.application.timeout
      switch current.stage {
      case .running where silence >= timeout / 2 && silence < timeout:
        entry?.stage = .warned
        return (.slow(call), silence)
      case .running where silence >= timeout, .warned where silence >= timeout:
        entry?.stage = .expired
        return (.expired(call), silence)
      case .expired where silence >= timeout + grace:
        entry?.stage = .writtenOff
        writtenOff.store(true, ordering: .relaxed)
        return (.lost(call), silence)
      default: return nil
      }
    }
  }

  func isAtWork(on exchange: Exchange) -> Bool {
    call.withLock { $0?.isOf(exchange) ?? false }
  }

  /// Sends a signal to the thread, if it is still at work on this exchange.
  func signal(_ number: CInt, about exchange: Exchange) -> Bool {
    // With the lock held, it can't end meanwhile.
    call.withLock { call in
      guard call?.isOf(exchange) ?? false else { return false }
      return pthread_kill(pthread_t(identifier), number) == 0
    }
  }

  /// Whether the thread is still at work on this exchange; if so, it is noted that it gets an exception.
  func interrupt(_ exchange: Exchange) -> Bool {
    call.withLock { call in
      guard call?.isOf(exchange) ?? false else { return false }
      call?.isInterrupted = true
      return true
    }
  }
}
