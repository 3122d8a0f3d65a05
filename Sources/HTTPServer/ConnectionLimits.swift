import HTTPCore
import Synchronization

/// Counts connections, in all and by client.
///
/// A connection that has had its last response and only lingers counts no more, or clients that are slow to close would
/// keep others out. So that there is a bound on all of them, there are no more of those than of the others.
final class ConnectionLimits: Sendable {
  private struct State {
    var counted = 0
    var lingering = 0
    var byClient: [NetworkAddress: Int] = [:]

    mutating func remove(_ place: Place) {
      guard !place.isLingering else {
        lingering -= 1
        return
      }
      counted -= 1
      guard let client = place.client, let count = byClient[client] else { return }
      byClient[client] = count > 1 ? count - 1 : nil
    }
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

  /// What one connection counts as. Used on its event loop only.
  final class Place {
    fileprivate let client: NetworkAddress?
    fileprivate var isLingering = false

    fileprivate init(_ client: NetworkAddress?) {
      self.client = client
    }
  }

  /// Counts a connection, whatever the verdict: ``remove(_:)`` is due at its end.
  ///
  /// - Parameter address: nil for a Unix socket, whose other end is a proxy, and has no bound of its own.
  func add(_ address: NetworkAddress?) -> (Verdict, Place) {
    let place = Place(perClient < .max ? address?.network : nil)
    let verdict = state.withLock { state -> Verdict in
      state.counted += 1
      if let client = place.client {
        let ofClient = state.byClient[client, default: 0] + 1
        state.byClient[client] = ofClient
        if ofClient > perClient { return .tooManyOfClient }
      }
      return state.counted > total ? .tooMany : .admitted
    }
    return (verdict, place)
  }

  /// It counts no more, but is there for a while.
  ///
  /// - Returns: whether it may be.
  func linger(_ place: Place) -> Bool {
    state.withLock { state in
      guard !place.isLingering else { return true }
      state.remove(place)
      place.isLingering = true
      state.lingering += 1
      return state.lingering <= total
    }
  }

  func remove(_ place: Place) {
    state.withLock { $0.remove(place) }
  }
}
