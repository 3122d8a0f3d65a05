import Glibc
import HTTPCore
import HTTPServer

enum CoarseClock {
  static var secondsSinceEpoch: Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    return now.tv_sec
  }
}

extension Exchange {
  /// The user of HTTP's Basic authentication (RFC 7617), as the client claims: for the log only.
  var basicUser: String? {
    guard let span = head.first(.authorization) else { return nil }
    return withBytes(span) { value in
      let scheme = value.prefix(6)
      guard scheme.count == 6, scheme.map(\.lowercased) == Array("basic ".utf8) else { return nil }
      let decoded = Base64.decodePrefix(value.dropFirst(6).drop { $0 == ASCII.space })
      guard let colon = decoded.firstIndex(of: ASCII.colon), colon > 0 else { return nil }
      return String(decoding: decoded[..<colon], as: UTF8.self)
    }
  }
}

enum Base64 {
  /// Decodes as far as the input is base64 (RFC 4648, section 4).
  static func decodePrefix(_ text: some Sequence<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for character in text {
      guard let value = value(of: character) else { break }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return decoded
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
