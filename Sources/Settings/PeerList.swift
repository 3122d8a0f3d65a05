import Glibc

/// Peers that are believed: addresses and CIDR blocks (RFC 4632) separated by commas, `unix` for Unix sockets, `*` for all.
package struct PeerList: OptionValue, Equatable {
  /// Addresses, and blocks as `address/length`.
  package private(set) var blocks: [String] = []
  package private(set) var includesUnixSockets = false
  package private(set) var includesAll = false

  package init(parsing text: String) throws(InvalidValue) {
    for item in text.split(separator: ",").map({ String($0).trimmingSpaces() }) where !item.isEmpty {
      switch item {
      case "*": includesAll = true
      case "unix": includesUnixSockets = true
      default:
        guard let block = Self.block(item) else {
          throw InvalidValue("'\(item)' must be an address, a block such as 10.0.0.0/8, unix or *")
        }
        blocks.append(block)
      }
    }
  }

  /// This machine.
  package static let local = PeerList(blocks: ["127.0.0.1", "::1"], includesUnixSockets: true)

  private init(blocks: [String], includesUnixSockets: Bool) {
    self.blocks = blocks
    self.includesUnixSockets = includesUnixSockets
  }

  package var description: String {
    (blocks + (includesUnixSockets ? ["unix"] : []) + (includesAll ? ["*"] : [])).joined(separator: ",")
  }

  /// The text as it is kept, with the length as a plain number; nil for anything else.
  private static func block(_ text: String) -> String? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    var address = in6_addr()
    let isIPv6 = parts[0].contains(":")
    guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(parts[0]), &address) == 1 else { return nil }
    guard parts.count == 2 else { return text }
    guard let length = Int(digits: parts[1]), length <= (isIPv6 ? 128 : 32) else { return nil }
    return "\(parts[0])/\(length)"
  }
}
