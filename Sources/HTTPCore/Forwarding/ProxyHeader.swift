/// The header of the PROXY protocol, versions 1 and 2: the first bytes of a connection that a load balancer passes on,
/// with the addresses of the connection that it has taken.
package enum ProxyHeader: Sendable, Equatable {
  package struct Endpoint: Sendable, Equatable {
    package let address: NetworkAddress
    package let port: UInt16
  }

  case proxied(source: Endpoint, destination: Endpoint)
  /// The proxy speaks for itself (a health check), or of something that is no TCP.
  case local

  package enum Outcome: Sendable, Equatable {
    case needMore
    case complete(ProxyHeader, length: Int)
    case malformed
  }

  /// A header of version 2 with more than this after its addresses is refused.
  private static let longest = 4096

  private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
  private static let longestLine = 107

  /// Reads a header from the first bytes of a connection.
  package static func parse(_ bytes: RawSpan) -> Outcome {
    guard bytes.byteCount > 0 else { return .needMore }
    return bytes.byte(at: 0) == signature[0] ? parseBinary(bytes) : parseText(bytes)
  }

  // MARK: - Version 2

  private static func parseBinary(_ bytes: RawSpan) -> Outcome {
    for index in 0..<min(signature.count, bytes.byteCount) where bytes.byte(at: index) != signature[index] {
      return .malformed
    }
    guard bytes.byteCount >= 16 else { return .needMore }
    let (version, command) = (bytes.byte(at: 12) >> 4, bytes.byte(at: 12) & 0x0F)
    let (family, transport) = (bytes.byte(at: 13) >> 4, bytes.byte(at: 13) & 0x0F)
    let length = Int(bytes.byte(at: 14)) << 8 | Int(bytes.byte(at: 15))
    guard version == 2, command <= 1, length <= longest else { return .malformed }
    guard bytes.byteCount >= 16 + length else { return .needMore }
    let header: ProxyHeader?
    switch (command, family, transport) {
    case (1, 1, 1): header = proxied(bytes, addressSize: 4, length: length)
    case (1, 2, 1): header = proxied(bytes, addressSize: 16, length: length)
    default: header = .local
    }
    return header.map { .complete($0, length: 16 + length) } ?? .malformed
  }

  private static func proxied(_ bytes: RawSpan, addressSize size: Int, length: Int) -> ProxyHeader? {
    guard length >= 2 * size + 4 else { return nil }
    func address(at offset: Int) -> NetworkAddress {
      NetworkAddress(bytes: FieldSpan(offset..<offset + size).bytes(in: bytes))
    }
    func port(at offset: Int) -> UInt16 {
      UInt16(bytes.byte(at: offset)) << 8 | UInt16(bytes.byte(at: offset + 1))
    }
    return .proxied(
      source: Endpoint(address: address(at: 16), port: port(at: 16 + 2 * size)),
      destination: Endpoint(address: address(at: 16 + size), port: port(at: 18 + 2 * size))
    )
  }

  // MARK: - Version 1

  private static func parseText(_ bytes: RawSpan) -> Outcome {
    let limit = min(bytes.byteCount, longestLine)
    let isBegun = "PROXY ".utf8.enumerated().allSatisfy { $0 >= limit || bytes.byte(at: $0) == $1 }
    guard isBegun else { return .malformed }
    var end = 0
    while end < limit, bytes.byte(at: end) != ASCII.lf { end += 1 }
    guard end < limit else { return bytes.byteCount >= longestLine ? .malformed : .needMore }
    guard end > 0, bytes.byte(at: end - 1) == ASCII.cr else { return .malformed }
    let line = FieldSpan(0..<end - 1).string(in: bytes)
    return parse(line).map { .complete($0, length: end + 1) } ?? .malformed
  }

  private static func parse(_ line: String) -> ProxyHeader? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 2 else { return nil }
    if words[1] == "UNKNOWN" { return .local }
    guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else { return nil }
    let isIPv6 = words[1] == "TCP6"
    guard words[2].contains(":") == isIPv6, words[3].contains(":") == isIPv6,
      let source = endpoint(words[2], words[4]), let destination = endpoint(words[3], words[5])
    else { return nil }
    return .proxied(source: source, destination: destination)
  }

  private static func endpoint(_ address: Substring, _ port: Substring) -> Endpoint? {
    // Of a number there is one spelling: "leading zeroes are not permitted".
    guard let address = NetworkAddress(String(address)), port.utf8.allSatisfy(\.isDigit),
      port == "0" || port.utf8.first != ASCII.zero, let number = UInt16(port)
    else { return nil }
    return Endpoint(address: address, port: number)
  }
}
