import Testing

@testable import Settings

@Suite struct BindAddressTests {
  @Test(arguments: [
    ("127.0.0.1:8000", BindAddress.tcp(host: "127.0.0.1", port: 8000)),
    ("0.0.0.0:0", .tcp(host: "0.0.0.0", port: 0)),
    ("LocalHost:65535", .tcp(host: "localhost", port: 65535)),
    ("my_host-1.example", .tcp(host: "my_host-1.example", port: 8000)),
    (":80", .tcp(host: "0.0.0.0", port: 80)),
    ("80", .tcp(host: "127.0.0.1", port: 80)),
    ("tcp://127.0.0.1:1", .tcp(host: "127.0.0.1", port: 1)),
    ("[::1]:8000", .tcp(host: "::1", port: 8000)),
    ("[::]", .tcp(host: "::", port: 8000)),
    ("[FE80::1%eth0]:1", .tcp(host: "fe80::1%eth0", port: 1)),
    ("unix:app.sock", .unix(path: "app.sock")),
    ("unix:/run/app.sock", .unix(path: "/run/app.sock")),
    ("unix:///run/app.sock", .unix(path: "/run/app.sock")),
    ("fd://3", .fileDescriptor(3)),
  ])
  func `Gunicorn's forms are understood`(text: String, address: BindAddress) throws {
    #expect(try BindAddress(parsing: text) == address)
    #expect(try BindAddress(parsing: address.description) == address)
  }

  @Test(arguments: [
    ("", "it must be HOST:PORT"),
    (":", "the port must be"),
    ("host:", "the port must be"),
    ("host:65536", "the port must be"),
    ("65536", "the port must be"),
    ("host:+1", "the port must be"),
    ("host: 1", "the port must be"),
    ("host:99999999999999999999", "the port must be"),
    ("a b:1", "it must be HOST:PORT"),
    ("http://host:1", "an IPv6 address goes in brackets"),
    ("/run/app.sock", "it must be HOST:PORT"),
    ("::1:8000", "an IPv6 address goes in brackets"),
    ("[::1", "the ] after"),
    ("[]:1", "'' is not an IPv6 address"),
    ("[1.2.3.4]:1", "'1.2.3.4' is not an IPv6 address"),
    ("[::1]8000", "after ] comes :PORT"),
    ("[::1]:", "the port must be"),
    ("unix:", "after unix: comes"),
    ("unix:" + String(repeating: "x", count: 108), "the path is too long: a socket's has at most 107 bytes"),
    ("fd://", "after fd://"),
    ("fd://-1", "after fd://"),
    ("fd://2147483648", "after fd://"),
  ])
  func `anything else is refused with the reason`(text: String, reason: String) {
    let error = #expect(throws: InvalidValue.self) { try BindAddress(parsing: text) }
    #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "accepted")")
  }
}
