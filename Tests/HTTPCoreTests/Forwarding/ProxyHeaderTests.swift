import HTTPCore
import Testing

private let signature = [UInt8](latin1: "\r\n\r\n\u{0}\r\nQUIT\n")

/// 203.0.113.9 and 198.51.100.1, 56324 and 443.
private let addresses: [UInt8] = [203, 0, 113, 9, 198, 51, 100, 1, 0xDC, 0x04, 0x01, 0xBB]

/// 2001:db8::7 and 2001:db8::1, and the same ports.
private let wideAddresses: [UInt8] = [
  0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
  0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
  0xDC, 0x04, 0x01, 0xBB,
]

private let v4 = "203.0.113.9 56324 > 198.51.100.1 443"
private let v6 = "2001:db8::7 56324 > 2001:db8::1 443"

/// A header of version 2; its length is that of the payload unless given.
private func header(
  _ payload: [UInt8],
  command: UInt8 = 0x21,
  family: UInt8 = 0x11,
  length: Int? = nil
) -> [UInt8] {
  let length = length ?? payload.count
  return signature + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + payload
}

@Suite("Headers of the PROXY protocol, versions 1 and 2")
struct ProxyHeaderTests {
  /// The outcome in one line; a header is followed by the length that it has.
  private static func outcome(_ bytes: [UInt8]) -> String {
    switch ProxyHeader.parse(bytes.span.bytes) {
    case .needMore: return "more"
    case .malformed: return "malformed"
    case .complete(.local, let length): return "local, \(length)"
    case .complete(.proxied(let source, let destination), let length):
      let (from, to) = ("\(source.address) \(source.port)", "\(destination.address) \(destination.port)")
      return "\(from) > \(to), \(length)"
    }
  }

  /// A whole header gives the same whatever comes behind it, and any part of it asks for more.
  private static func check(
    _ header: [UInt8],
    _ meaning: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = "\(meaning), \(header.count)"
    #expect(outcome(header) == expected, sourceLocation: sourceLocation)
    for rest in ["G", "GET / HTTP/1.1\r\n\r\n", "\r\n", "PROXY UNKNOWN\r\n"] {
      #expect(outcome(header + [UInt8](latin1: rest)) == expected, "\(rest)", sourceLocation: sourceLocation)
    }
    for count in header.indices where outcome(Array(header[..<count])) != "more" {
      Issue.record("\(count) bytes: \(outcome(Array(header[..<count])))", sourceLocation: sourceLocation)
      break
    }
  }

  @Test(
    "a line of text names the ends",
    arguments: [
      ("PROXY TCP4 203.0.113.9 198.51.100.1 56324 443", v4),
      ("PROXY TCP6 2001:DB8:0::7 2001:db8::1 56324 443", v6),
      ("PROXY TCP4 203.0.113.9 198.51.100.1 0 65535", "203.0.113.9 0 > 198.51.100.1 65535"),
      ("PROXY UNKNOWN", "local"), ("PROXY UNKNOWN 203.0.113.9 198.51.100.1 56324 443", "local"),
      ("PROXY UNKNOWN anything at all", "local"),
      // The longest there is: 107 bytes with the line's end.
      ("PROXY UNKNOWN " + String(repeating: "x", count: 91), "local"),
    ] as [(String, String)]
  )
  func text(_ line: String, _ meaning: String) {
    Self.check([UInt8](latin1: line + "\r\n"), meaning)
  }

  @Test(
    "a binary header names them too, with fields behind the addresses or without",
    arguments: [
      (header(addresses), v4), (header(wideAddresses, family: 0x21), v6),
      (header(addresses + [0xEA, 0, 3, 1, 2, 3]), v4),
      (header(addresses + [UInt8](repeating: 4, count: 3000)), v4),
      (header(wideAddresses + [UInt8](repeating: 4, count: 300), family: 0x21), v6),
      (header([], command: 0x20, family: 0), "local"), (header(addresses, command: 0x20), "local"),
      (header([4, 0, 1, 0], command: 0x20, family: 0), "local"), (header([], family: 0), "local"),
      (header(addresses, family: 0x12), "local"), (header(wideAddresses, family: 0x22), "local"),
      (header([UInt8](repeating: 0x2F, count: 216), family: 0x31), "local"),
    ] as [([UInt8], String)]
  )
  func binary(_ bytes: [UInt8], _ meaning: String) {
    Self.check(bytes, meaning)
  }

  @Test("nothing is too little to tell")
  func empty() {
    #expect(Self.outcome([]) == "more")
  }

  @Test(
    "a line that is anything else is malformed",
    arguments: [
      "G", "GET / HTTP/1.1\r\n", "proxy TCP4 ", "PROXYTCP4", "PROXY\r\n", "PROXY \r\n", "PROXY  UNKNOWN\r\n",
      "PROXY UNKNOWNS\r\n", "PROXY unknown\r\n", "PROXY UDP4 203.0.113.9 198.51.100.1 1 2\r\n",
      "PROXY TCP4\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1\r\n", "PROXY TCP4 203.0.113.9 198.51.100.1 1\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1 1 2 3\r\n", "PROXY TCP4 203.0.113.9 198.51.100.1 1 2 \r\n",
      "PROXY TCP4  203.0.113.9 198.51.100.1 1 2\r\n", "PROXY TCP4\t203.0.113.9 198.51.100.1 1 2\r\n",
      "PROXY TCP6 203.0.113.9 198.51.100.1 1 2\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
      "PROXY TCP4 203.0.113.9 ::1 1 2\r\n", "PROXY TCP4 203.0.113.256 198.51.100.1 1 2\r\n",
      "PROXY TCP4 203.0.113.09 198.51.100.1 1 2\r\n", "PROXY TCP4 a.example 198.51.100.1 1 2\r\n",
      "PROXY TCP4 203.0.113.9\u{0} 198.51.100.1 1 2\r\n", "PROXY TCP4 203.0.113.9 198.51.100.1 65536 2\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1 -1 2\r\n", "PROXY TCP4 203.0.113.9 198.51.100.1 +1 2\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1 0x1 2\r\n", "PROXY TCP4 203.0.113.9 198.51.100.1  2\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1 1 99999999999999999999\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1 01 2\r\n", "PROXY TCP4 203.0.113.9 198.51.100.1 1 00\r\n",
      "PROXY TCP4 203.0.113.9 198.51.100.1 1 2\n", "PROXY UNKNOWN\n",
      "PROXY UNKNOWN " + String(repeating: "x", count: 92) + "\r\n",
      "PROXY UNKNOWN " + String(repeating: "x", count: 93),
      "PROXY UNKNOWN " + String(repeating: "x", count: 9000),
      "\u{16}\u{3}\u{1}",
    ]
  )
  func malformedText(_ text: String) {
    #expect(Self.outcome([UInt8](latin1: text)) == "malformed")
  }

  @Test(
    "a binary header that is anything else is malformed",
    arguments: [
      Array("\r\n\r\nP".utf8), Array("\r\nGET / HTTP/1.1\r\n".utf8), Array(signature.dropLast()) + [0x0D],
      header(addresses, command: 0x11), header(addresses, command: 0x31), header(addresses, command: 0x01),
      header(addresses, command: 0x22), header(addresses, command: 0x2F), header([]),
      header(Array(addresses.dropLast())),
      header(addresses, family: 0x21), header(Array(wideAddresses.dropLast()), family: 0x21),
      // Refused before it has come.
      header([], length: 4097), header([], length: 65535),
    ] as [[UInt8]]
  )
  func malformedBinary(_ bytes: [UInt8]) {
    #expect(Self.outcome(bytes) == "malformed")
  }

  @Test("no bytes at all make it trap")
  func noise() {
    var random = SplitMix64(seed: 7)
    let samples = [header(addresses), [UInt8](latin1: "PROXY TCP4 203.0.113.9 198.51.100.1 56324 443\r\n")]
    for _ in 0..<20_000 {
      var bytes = samples[Int.random(in: 0...1, using: &random)]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = Self.outcome(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
    }
  }
}
