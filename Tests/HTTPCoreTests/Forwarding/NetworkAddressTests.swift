import HTTPCore
import Testing

@Suite("Network addresses (RFC 4291 2, RFC 5952)")
struct NetworkAddressTests {
  @Test(
    "an address has one usual form, and an IPv4 address that is mapped into IPv6 is that address",
    arguments: [
      ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("::1", "::1"), ("::", "::"), ("2001:DB8:0:0:0::7", "2001:db8::7"), ("fe80::1", "fe80::1"),
      ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("::ffff:192.0.2.1", "192.0.2.1"),
      ("::FFFF:c000:201", "192.0.2.1"),
      ("::fffe:192.0.2.1", "::fffe:c000:201"),
    ] as [(String, String)]
  )
  func usualForm(_ text: String, _ usual: String) throws {
    let address = try #require(NetworkAddress(text))
    #expect(address.description == usual)
    #expect(NetworkAddress(usual) == address)
  }

  @Test(
    "anything else is no address",
    arguments: [
      "", " ", "127.0.0.1 ", " 127.0.0.1", "127.1", "127.0.0.01", "256.0.0.1", "1.2.3", "1.2.3.4.5",
      "1.2.3.-4",
      "127.0.0.1:80", "127.0.0.1/8", "0x7f.0.0.1", "2130706433", "[::1]", "::1%lo", "1::2::3", "12345::",
      ":::",
      "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "localhost", "*", "unix", "127.0.0.1\n",
      // As a C string each of these would end early.
      "127.0.0.1\u{0}", "127.0.0.1\u{0}.example", "::1\u{0}x",
    ]
  )
  func invalid(_ text: String) {
    #expect(NetworkAddress(text) == nil)
  }

  @Test("the bytes of the network are read in their order")
  func bytes() {
    #expect(NetworkAddress(bytes: [192, 0, 2, 1] as [UInt8]).description == "192.0.2.1")
    let six: [UInt8] = [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]
    #expect(NetworkAddress(bytes: six) == NetworkAddress("2001:db8::7"))
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1]
    #expect(NetworkAddress(bytes: mapped) == NetworkAddress("192.0.2.1"))
  }
}

@Suite("Address blocks (RFC 4632 3.1)")
struct AddressBlockTests {
  @Test(
    "a block has the addresses that share its prefix, and no other",
    arguments: [
      ("192.0.2.1", ["192.0.2.1", "::ffff:192.0.2.1"], ["192.0.2.0", "192.0.2.2", "::1"]),
      ("192.0.2.1/32", ["192.0.2.1"], ["192.0.2.0", "192.0.2.3"]),
      ("192.0.2.0/31", ["192.0.2.0", "192.0.2.1"], ["192.0.2.2", "192.0.1.255"]),
      (
        "10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"],
        ["9.255.255.255", "11.0.0.0", "a00::"]
      ),
      // What stands behind the prefix does not matter.
      ("10.1.2.3/8", ["10.0.0.0", "10.255.255.255"], ["11.1.2.3"]),
      ("172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]),
      ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1", "2001:db8::1"]),
      ("128.0.0.0/1", ["128.0.0.0", "255.0.0.0"], ["127.255.255.255"]),
      ("::1", ["::1"], ["::", "::2", "0.0.0.1"]),
      (
        "2001:db8::/32", ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
        ["2001:db7::", "2001:db9::"]
      ),
      ("2001:db8::/63", ["2001:db8:0:1::"], ["2001:db8:0:2::"]),
      ("2001:db8::/64", ["2001:db8::ffff:0:0:1"], ["2001:db8:0:1::"]),
      ("2001:db8::/65", ["2001:db8::7fff:0:0:1"], ["2001:db8::8000:0:0:0"]),
      ("2001:db8::/127", ["2001:db8::", "2001:db8::1"], ["2001:db8::2"]),
      ("2001:db8::/128", ["2001:db8::"], ["2001:db8::1"]),
      ("::/0", ["::", "ffff::", "192.0.2.1"], []),
      // The block of the mapped addresses is that of the addresses themselves.
      ("::ffff:10.0.0.0/104", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0", "::1"]),
    ] as [(String, [String], [String])]
  )
  func contains(_ text: String, _ inside: [String], _ outside: [String]) throws {
    let block = try #require(AddressBlock(text))
    #expect(inside.filter { !Self.contains(block, $0) } == [])
    #expect(outside.filter { Self.contains(block, $0) } == [])
  }

  private static func contains(_ block: AddressBlock, _ text: String) -> Bool {
    NetworkAddress(text).map { block.contains($0) } ?? false
  }

  @Test(
    "anything else is no block",
    arguments: [
      "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8",
      "10.0.0/8", "10.0.0.0/255.0.0.0", "::/129", "::/9999999999999999999999", "10.0.0.0/８", "example/8", "*",
    ]
  )
  func invalid(_ text: String) {
    #expect(AddressBlock(text) == nil)
  }
}

@Suite("Trusted peers")
struct TrustedPeersTests {
  private let address = NetworkAddress("192.0.2.1")

  @Test("nobody is, unless named")
  func nobody() throws {
    let address = try #require(address)
    let peers = TrustedPeers()
    #expect(!peers.contains(address))
    #expect(!peers.contains(peer: address))
    #expect(!peers.contains(peer: nil))
  }

  @Test("blocks are for addresses, and Unix sockets have a name of their own")
  func named() throws {
    let block = try #require(AddressBlock("192.0.2.0/24"))
    let blocks = TrustedPeers(blocks: [block])
    #expect(blocks.contains(peer: address))
    #expect(!blocks.contains(peer: NetworkAddress("192.0.3.1")))
    #expect(!blocks.contains(peer: nil))
    let sockets = TrustedPeers(includesUnixSockets: true)
    #expect(sockets.contains(peer: nil))
    #expect(!sockets.contains(peer: address))
  }

  @Test("all are all")
  func all() throws {
    let peers = TrustedPeers(includesAll: true)
    #expect(peers.contains(peer: nil))
    #expect(peers.contains(peer: address))
    #expect(peers.contains(peer: NetworkAddress("2001:db8::1")))
  }
}
