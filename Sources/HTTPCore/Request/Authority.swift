/// A host and an optional port, as `Host` and request targets have them.
///
///     Host     = uri-host [ ":" port ]                     ; RFC 9110 7.2
///     uri-host = IP-literal / IPv4address / reg-name       ; RFC 3986 3.2.2
///
/// Stricter than the grammar in this: the host is not empty, the port is 1…65535 or empty, and an IP literal
/// is an IPv6 address (no version is registered for the future form, and zones mean nothing to another host).
struct Authority {
  var host: Range<Int>
  var port: UInt16?

  /// Nil if the bytes are anything else, such as an authority with user information.
  init?(_ bytes: RawSpan, _ range: Range<Int>) {
    guard let end = Authority.endOfHost(bytes, range) else { return nil }
    host = range.lowerBound..<end
    if end == range.upperBound { return }
    guard bytes.byte(at: end) == ASCII.colon else { return nil }
    // RFC 3986 6.2.3: an empty port is the same as none.
    if end + 1 == range.upperBound { return }
    guard let number = bytes.decimal(end + 1..<range.upperBound), 1...65_535 ~= number else { return nil }
    port = UInt16(number)
  }

  private static func endOfHost(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    var index = range.lowerBound
    if bytes.byte(at: index) == UInt8(ascii: "[") {
      while index < range.upperBound, bytes.byte(at: index) != UInt8(ascii: "]") { index += 1 }
      guard index < range.upperBound, IPAddressSyntax.isIPv6(bytes, range.lowerBound + 1..<index) else {
        return nil
      }
      return index + 1
    }
    while true {
      index = bytes.firstByte(notIn: .registeredName, index..<range.upperBound)
      if index < range.upperBound, bytes.byte(at: index) == ASCII.percent {
        guard range.upperBound - index >= 3, bytes.byte(at: index + 1).hexValue != nil,
          bytes.byte(at: index + 2).hexValue != nil
        else { return nil }
        index += 3
      } else {
        break
      }
    }
    return index > range.lowerBound ? index : nil
  }
}

/// The textual forms of IP addresses (RFC 3986 3.2.2).
package enum IPAddressSyntax {
  /// Whether this is an IPv6 address, without brackets and without a zone.
  package static func isIPv6(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    let end = range.upperBound
    var index = range.lowerBound
    var groups = 0
    var isCompressed = false
    if range.count >= 2, bytes.byte(at: index) == ASCII.colon, bytes.byte(at: index + 1) == ASCII.colon {
      isCompressed = true
      index += 2
      if index == end { return true }
    }
    while true {
      let start = index
      while index < end, index - start < 4, bytes.byte(at: index).hexValue != nil { index += 1 }
      guard index > start else { return false }
      if index < end, bytes.byte(at: index) == UInt8(ascii: ".") {
        guard isIPv4(bytes, start..<end) else { return false }
        groups += 2
        break
      }
      groups += 1
      if index == end { break }
      guard groups < 8, bytes.byte(at: index) == ASCII.colon else { return false }
      index += 1
      guard index < end else { return false }
      if bytes.byte(at: index) == ASCII.colon {
        if isCompressed { return false }
        isCompressed = true
        index += 1
        if index == end { break }
      }
    }
    return isCompressed ? groups <= 7 : groups == 8
  }

  /// Whether this is an IPv4 address: four numbers up to 255, without leading zeros.
  package static func isIPv4(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
    var octets = 0
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound {
      guard index == range.upperBound || bytes.byte(at: index) == UInt8(ascii: ".") else { continue }
      guard index - start <= 3, let octet = bytes.decimal(start..<index), octet <= 255 else { return false }
      if index - start > 1, bytes.byte(at: start) == ASCII.zero { return false }
      octets += 1
      start = index + 1
    }
    return octets == 4
  }
}
