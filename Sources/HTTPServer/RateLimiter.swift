import HTTPCore
import NIOCore
import Synchronization

/// How many requests one client may make.
package struct RateLimit: Sendable, Equatable {
  /// Nanoseconds from one request to the next, on average.
  package var interval: UInt64
  /// Requests that may come at once, after a pause.
  package var burst: Int
  /// Tells clients apart by the value of this field, in lower case, where a trusted proxy has sent it; else by address.
  package var field: [UInt8]?

  package init(interval: UInt64, burst: Int, field: [UInt8]? = nil) {
    self.interval = max(interval, 1)
    self.burst = max(burst, 1)
    self.field = field
  }
}

/// Counts requests by client: a leaky bucket for each, kept as the time at which it will be empty (the generic cell rate
/// algorithm).
///
/// The memory is bounded: clients are remembered in two generations, and the older one is forgotten as a whole when the
/// younger is full. Who is forgotten begins anew.
struct RateLimiter<Key: Hashable> {
  private var young: [Key: UInt64] = [:]
  private var old: [Key: UInt64] = [:]
  private let limit: RateLimit
  private let capacity: Int

  /// - Parameter capacity: how many clients are remembered at most.
  init(_ limit: RateLimit, capacity: Int = 100_000) {
    self.limit = limit
    self.capacity = max(capacity / 2, 1)
  }

  /// Counts a request.
  ///
  /// - Parameter now: nanoseconds of a clock that never goes back.
  /// - Returns: nil if it may pass; else in how many nanoseconds the next one may.
  mutating func admit(_ key: Key, at now: UInt64) -> UInt64? {
    let emptyAt = max(young[key] ?? old[key] ?? now, now)
    let tolerance = limit.interval.multipliedReportingOverflow(by: UInt64(limit.burst - 1)).partialValue
    if emptyAt - now > tolerance { return emptyAt - now - tolerance }
    if young[key] == nil, young.count >= capacity {
      old = young
      young = [:]
    }
    young[key] = emptyAt + limit.interval
    return nil
  }

  /// How many clients are remembered.
  var count: Int { young.count + old.count }
}

/// The same for all of the server's event loops.
final class RequestLimiter: Sendable {
  private let limit: RateLimit
  private let state: Mutex<RateLimiter<ClientKey>>

  init(_ limit: RateLimit) {
    self.limit = limit
    state = Mutex(RateLimiter(limit))
  }

  /// - Returns: nil if the request may pass; else in how many nanoseconds the client may make the next.
  func admit(_ exchange: Exchange) -> UInt64? {
    let key = exchange.clientKey(limit.field)
    let now = NIODeadline.now().uptimeNanoseconds
    return state.withLock { $0.admit(key, at: now) }
  }
}

/// Who a request counts against.
enum ClientKey: Hashable {
  /// An IPv6 address stands for its network of 64 bits: one client has all of those.
  case network(NetworkAddress)
  /// All clients of a Unix socket whose proxy does not tell them apart.
  case unixSocket
  case field([UInt8])
}

extension Exchange {
  /// The client, by its address or by the value of the field that tells clients apart.
  func clientKey(_ field: [UInt8]?) -> ClientKey {
    if let field, isFromTrustedProxy {
      for candidate in head.fields where candidate.name.count == field.count {
        let isIt = withBytes(candidate.name) { $0.elementsEqual(field) { ($0 | 0x20) == ($1 | 0x20) } }
        if isIt { return .field(withBytes(candidate.value) { Array($0.prefix(256)) }) }
      }
    }
    guard let address = forwarded?.address ?? peer.remoteAddress else { return .unixSocket }
    return .network(address.network)
  }
}
