import Glibc
import Synchronization

/// What other threads want of the main thread, which waits in Python.
///
/// It is kept here; a byte in the pipe where its signals arrive as well (`signal.set_wakeup_fd`) only says that there is
/// something. Where signals have filled the pipe the byte is lost, and nothing else: the main thread is awake then.
final class MainThreadEvents: Sendable {
  /// The bootstrap has the same numbers.
  enum Event: UInt8 {
    case wantsThread = 1
    case hasDrained = 2
    case hasReports = 3
  }

  private struct State {
    var wantedThreads = 0
    var hasDrained = false
    var hasReports = false
  }

  private let state = Mutex(State())
  private let descriptor: CInt

  /// - Parameter descriptor: the end of the pipe to write to, which never blocks.
  init(descriptor: CInt) {
    self.descriptor = descriptor
  }

  func post(_ event: Event) {
    state.withLock { state in
      switch event {
      case .wantsThread: state.wantedThreads += 1
      case .hasDrained: state.hasDrained = true
      case .hasReports: state.hasReports = true
      }
    }
    // The number of no signal.
    var byte: UInt8 = 0
    while write(descriptor, &byte, 1) < 0, errno == EINTR {}
  }

  /// The next of them, each once; nil when there is none. To be asked after the pipe has been read.
  func take() -> Event? {
    state.withLock { state in
      if state.wantedThreads > 0 {
        state.wantedThreads -= 1
        return .wantsThread
      }
      if state.hasReports {
        state.hasReports = false
        return .hasReports
      }
      guard state.hasDrained else { return nil }
      state.hasDrained = false
      return .hasDrained
    }
  }
}
