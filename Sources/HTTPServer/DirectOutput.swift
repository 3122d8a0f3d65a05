import Glibc
import HTTPCore
import Synchronization

/// A connection's socket, lent to the thread that makes a response: where little else is to be done, writing the response
/// costs that thread less than waking the event loop for it.
///
/// The loop offers it for one exchange at a time, with nothing else to be sent on the connection, and can withdraw it as
/// long as nothing has been written. What was written is told to the loop when it next looks at the connection.
///
/// The descriptor is a copy: NIO closes the channel's when it likes to, and the number may then be somebody else's.
final class DirectOutput: Sendable {
  /// What a thread has written of a response.
  struct Sent: Equatable {
    let status: HTTPStatus
    /// Bytes of content in all.
    let contentCount: Int
    /// Bytes that the kernel has taken.
    let byteCount: Int
    /// Nothing is left of the response.
    let isWhole: Bool
  }

  private enum Turn {
    case nobody
    /// The exchange with this number may be answered.
    case offered(UInt64)
    case sent(Sent)
  }

  private struct State {
    /// Nil once the connection is over.
    var noted: ServerDescriptors.Entry?
    var turn = Turn.nobody
  }

  private let state: Mutex<State>

  /// Copies take none of the upper half of the numbers that there may be: those are kept for connections, and for the
  /// application.
  static let limit: CInt = {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    return CInt(clamping: limit.rlim_cur / 2)
  }()

  /// Nil where descriptors are scarce.
  init?(copying descriptor: CInt, below limit: CInt = DirectOutput.limit) {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    guard copy < limit else {
      Glibc.close(copy)
      return nil
    }
    state = Mutex(State(noted: ServerDescriptors.insert(copy)))
  }

  deinit {
    close()
  }
}

// MARK: - The event loop's side

extension DirectOutput {
  func offer(to sequence: UInt64) {
    state.withLock { $0.turn = .offered(sequence) }
  }

  /// Takes the offer back.
  ///
  /// - Returns: what has been written before; told once.
  func withdraw() -> Sent? {
    state.withLock { state in
      defer { state.turn = .nobody }
      guard case .sent(let sent) = state.turn else { return nil }
      return sent
    }
  }

  /// What has been written since the offer, told once. The offer stands as long as it is nothing.
  func takeSent() -> Sent? {
    state.withLock { state in
      guard case .sent(let sent) = state.turn else { return nil }
      state.turn = .nobody
      return sent
    }
  }

  /// The connection is over. It waits for a write that is under way, which does not block.
  func close() {
    state.withLock { state in
      guard let noted = state.noted.take() else { return }
      ServerDescriptors.remove(noted)
      Glibc.close(noted.descriptor)
    }
  }
}

// MARK: - Any thread's side

extension DirectOutput {
  /// Parts of the response go through the loop: the rest has to follow behind them.
  func decline(for sequence: UInt64) {
    state.withLock { state in
      if case .offered(sequence) = state.turn { state.turn = .nobody }
    }
  }

  /// Bytes of content up to which a response is written so: it is copied with the GIL and the lock held.
  static let largest = 64 << 10

  /// Writes as much of a response as the kernel has room for, if that is still on offer.
  ///
  /// - Returns: whether nothing is left of it.
  func send(_ response: inout SerializedResponse, for sequence: UInt64) -> Bool {
    guard response.contentCount <= Self.largest else { return false }
    return state.withLock { state in
      guard case .offered(sequence) = state.turn, let descriptor = state.noted?.descriptor else {
        return false
      }
      let count = response.withUnsafeBytes { SocketOutput.send($0, to: descriptor) }
      guard count > 0 else { return false }
      let sent = Sent(
        status: response.status,
        contentCount: response.contentCount,
        byteCount: count,
        isWhole: response.remove(count)
      )
      state.turn = .sent(sent)
      return sent.isWhole
    }
  }
}
