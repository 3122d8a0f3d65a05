import HTTPCore
import Synchronization

/// Counts connections, in all and by client.
final class ConnectionLimits: Sendable {
  private struct State {
    var total = 0
    var byClient: [NetworkAddress: Int] = [:]
  }

  private let state = Mutex(State())
  private let total, perClient: Int

  /// - Parameters: 0 sets no bound.
  init(total: Int, perClient: Int) {
    self.total = total == 0 ? .max : total
    self.perClient = perClient == 0 ? .max : perClient
  }

  enum Verdict {
    case admitted, tooMany, tooManyOfClient
  }

  /// Counts a connection, whatever the verdict: ``remove(_:)`` is due at its end.
  ///
  /// - Parameter address: nil for a Unix socket, whose other end is a proxy, and has no bound of its own.
  func add(_ address: NetworkAddress?) -> Verdict {
    state.withLock { state in
      state.total += 1
      var ofClient = 0
      if let client = address?.network, perClient < .max {
        ofClient = state.byClient[client, default: 0] + 1
        state.byClient[client] = ofClient
      }
      if ofClient > perClient { return .tooManyOfClient }
      return state.total > total ? .tooMany : .admitted
    }
  }

  func remove(_ address: NetworkAddress?) {
    state.withLock { state in
      state.total -= 1
      guard let client = address?.network, let count = state.byClient[client] else { return }
      state.byClient[client] = count > 1 ? count - 1 : nil
    }
  }
}
