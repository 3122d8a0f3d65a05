import Glibc

/// An IPv4 or IPv6 address. An IPv4 address and the IPv6 address it is mapped to (RFC 4291, section 2.5.5.2) are one.
package struct NetworkAddress: Sendable, Hashable {
  fileprivate let high, low: UInt64

  private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

  fileprivate init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The address in its textual form, without brackets, zone or port; nil for anything else.
  package init?(_ text: String) {
    // It would end the text for inet_pton.
    guard !text.utf8.contains(0) else { return nil }
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(high: 0, low: Self.mappedPrefix | UInt64(UInt32(bigEndian: four.s_addr)))
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    self = withUnsafeBytes(of: six) { Self(bytes: $0) }
  }

  /// From network byte order: 4 bytes or 16.
  package init(bytes: some Collection<UInt8>) {
    let value = bytes.reduce(into: (high: UInt64(0), low: UInt64(0))) { value, byte in
      value.high = value.high << 8 | value.low >> 56
      value.low = value.low << 8 | UInt64(byte)
    }
    self.init(high: value.high, low: bytes.count == 4 ? value.low | Self.mappedPrefix : value.low)
  }

  /// What stands for one client: an IPv4 address itself, the network of 64 bits of an IPv6 address.
  package var network: NetworkAddress { isIPv4 ? self : NetworkAddress(high: high, low: 0) }

  fileprivate var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
}

extension NetworkAddress: CustomStringConvertible {
  /// The usual text (RFC 5952); that of IPv4 for a mapped address.
  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if isIPv4 {
      var four = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
      inet_ntop(AF_INET, &four, &text, socklen_t(text.count))
    } else {
      var words = (high.bigEndian, low.bigEndian)
      inet_ntop(AF_INET6, &words, &text, socklen_t(text.count))
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// The addresses that share a prefix, in CIDR notation (RFC 4632): `10.0.0.0/8`; without a length, one address.
package struct AddressBlock: Sendable, Equatable {
  private let base: NetworkAddress
  private let highMask, lowMask: UInt64

  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = NetworkAddress(String(parts[0])) else { return nil }
    // A mapped address in IPv6's notation counts its bits as that does.
    let width = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
    var length = width
    if parts.count == 2 {
      guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(\.isDigit), let number = Int(parts[1]),
        number <= width
      else { return nil }
      length = number
    }
    let bits = length + 128 - width
    highMask = bits >= 64 ? .max : ~(.max >> UInt64(bits))
    lowMask = bits <= 64 ? 0 : ~(bits == 128 ? 0 : .max >> UInt64(bits - 64))
    base = NetworkAddress(high: address.high & highMask, low: address.low & lowMask)
  }

  package func contains(_ address: NetworkAddress) -> Bool {
    address.high & highMask == base.high && address.low & lowMask == base.low
  }
}

/// Peers that are believed in what they say of others: proxies.
package struct TrustedPeers: Sendable, Equatable {
  package var blocks: [AddressBlock]
  package var includesUnixSockets: Bool
  package var includesAll: Bool

  package init(blocks: [AddressBlock] = [], includesUnixSockets: Bool = false, includesAll: Bool = false) {
    self.blocks = blocks
    self.includesUnixSockets = includesUnixSockets
    self.includesAll = includesAll
  }

  package func contains(_ address: NetworkAddress) -> Bool {
    includesAll || blocks.contains { $0.contains(address) }
  }

  /// - Parameter address: nil for a peer on a Unix socket.
  package func contains(peer address: NetworkAddress?) -> Bool {
    guard let address else { return includesAll || includesUnixSockets }
    return contains(address)
  }
}
