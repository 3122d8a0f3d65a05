import Testing

@testable import Settings

@Suite struct PeerListTests {
  @Test(
    arguments: [
      ("127.0.0.1", ["127.0.0.1"]),
      ("127.0.0.1,::1", ["127.0.0.1", "::1"]),
      (" 10.0.0.0/8 , 192.168.0.0/16,", ["10.0.0.0/8", "192.168.0.0/16"]),
      ("0.0.0.0/0,::/0", ["0.0.0.0/0", "::/0"]),
      ("10.0.0.1/32,2001:db8::/128", ["10.0.0.1/32", "2001:db8::/128"]),
      ("2001:DB8::/32", ["2001:DB8::/32"]),
      ("", []),
      (" , ", []),
    ] as [(String, [String])]
  )
  func `addresses and blocks are taken in their order`(text: String, blocks: [String]) throws {
    let list = try PeerList(parsing: text)
    #expect(list.blocks == blocks)
    #expect(!list.includesUnixSockets && !list.includesAll)
    #expect(try PeerList(parsing: list.description) == list)
  }

  @Test func `words stand for sockets and for all`() throws {
    let list = try PeerList(parsing: "unix, 127.0.0.1, *")
    #expect(list.blocks == ["127.0.0.1"])
    #expect(list.includesUnixSockets && list.includesAll)
    #expect(list.description == "127.0.0.1,unix,*")
    #expect(try PeerList(parsing: "unix").includesAll == false)
    #expect(try PeerList(parsing: "*").includesUnixSockets == false)
  }

  @Test(arguments: [
    "proxy.example", "localhost", "all", "UNIX", "unix:/run/a.sock", "**", "127.0.0.1:80", "[::1]", "127.1",
    "127.0.0.01",
    "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0",
    "10.0.0.0 /8",
    "::/129", "::1%lo", "/8", "/", "127.0.0.1 ::1", "127.0.0.1;::1", "127.0.0.1,nobody",
    "10.0.0.0/99999999999999999999",
  ])
  func `anything else is refused`(text: String) {
    let error = #expect(throws: InvalidValue.self) { try PeerList(parsing: text) }
    #expect(error?.description.hasSuffix("must be an address, a block such as 10.0.0.0/8, unix or *") == true)
  }

  @Test func `the default is this machine`() throws {
    #expect(try PeerList(parsing: "127.0.0.1,::1,unix") == .local)
    #expect(try PeerList(parsing: "").description.isEmpty)
  }

  @Test func `both options take a list`() throws {
    let settings = try settings(
      "app",
      "--forwarded-allow-ips",
      "10.0.0.0/8,unix",
      "--proxy-protocol",
      "--proxy-allow-from=*"
    )
    #expect(settings.proxies.forwarding?.description == "10.0.0.0/8,unix")
    #expect(settings.proxies.usesProxyProtocol)
    #expect(settings.proxies.proxyProtocol.includesAll)
    #expect(try refusal(["app", "--forwarded-allow-ips", "proxy"]).contains("'proxy' must be an address"))
  }
}
