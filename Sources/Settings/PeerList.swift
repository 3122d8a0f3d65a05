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
        guard Self.isBlock(item) else {
          throw InvalidValue("'\(item)' must be an address, a block such as 10.0.0.0/8, unix or *")
        }
        blocks.append(item)
      }
    }
  }

  /// This machine.
  package static let local = PeerList(blocks: ["127.0.0.1", "::1"], includesUnixSockets: true)

  package static let nobody = PeerList(blocks: [], includesUnixSockets: false)

  private init(blocks: [String], includesUnixSockets: Bool) {
    self.blocks = blocks
    self.includesUnixSockets = includesUnixSockets
  }

  package var description: String {
    (blocks + (includesUnixSockets ? ["unix"] : []) + (includesAll ? ["*"] : [])).joined(separator: ",")
  }

  private static func isBlock(_ text: String) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    var address = in6_addr()
    let isIPv6 = parts[0].contains(":")
    guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(parts[0]), &address) == 1 else { return false }
    return parts.count == 1 || Int(digits: parts[1]).map { $0 <= (isIPv6 ? 128 : 32) } ?? false
  }
}
