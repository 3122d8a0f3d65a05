import Glibc

/// Where to listen, in the forms that Gunicorn takes.
///
/// `HOST:PORT`, `HOST` (port 8000), `[IPV6]:PORT`, `:PORT` (every IPv4 interface), `unix:PATH`, `fd://N`.
/// `PORT` alone is ours: Gunicorn would take it for a host, here it is that port of 127.0.0.1. Port 0 asks
/// the kernel for a free one. Names are not looked up here, and nothing is opened.
package enum BindAddress: OptionValue, Equatable {
  case tcp(host: String, port: UInt16)
  case unix(path: String)
  case fileDescriptor(Int32)

  private static let defaultPort: UInt16 = 8000

  /// `sockaddr_un.sun_path` has 108 bytes, the last of them for the terminating NUL.
  private static let longestSocketPath = 107

  package init(parsing text: String) throws(InvalidValue) {
    if let path = text.dropping(prefix: "unix:") {
      self = try Self.socket(at: path.dropping(prefix: "//") ?? path)
    } else if let number = text.dropping(prefix: "fd://") {
      guard let descriptor = Int(digits: number).flatMap(Int32.init(exactly:)) else {
        throw InvalidValue("after fd:// comes the number of an open file descriptor, such as fd://3")
      }
      self = .fileDescriptor(descriptor)
    } else {
      self = try Self.network(text.dropping(prefix: "tcp://") ?? text[...])
    }
  }

  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    case .fileDescriptor(let number): "fd://\(number)"
    }
  }

  private static func socket(at path: Substring) throws(InvalidValue) -> BindAddress {
    guard !path.isEmpty else {
      throw InvalidValue("after unix: comes the path of the socket, such as unix:/run/app.sock")
    }
    guard path.utf8.count <= longestSocketPath, !path.utf8.contains(0) else {
      throw InvalidValue("the path is too long: a socket's has at most \(longestSocketPath) bytes")
    }
    return .unix(path: String(path))
  }

  private static func network(_ text: Substring) throws(InvalidValue) -> BindAddress {
    if text.hasPrefix("[") { return try bracketed(text.dropFirst()) }

    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 1 {
      if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), !text.isEmpty {
        return .tcp(host: "127.0.0.1", port: try port(text))
      }
      return .tcp(host: try host(text), port: defaultPort)
    }
    if parts[1].contains(":") {
      throw InvalidValue("an IPv6 address goes in brackets, such as [::1]:8000")
    }
    let number = try port(parts[1])
    return .tcp(host: parts[0].isEmpty ? "0.0.0.0" : try host(parts[0]), port: number)
  }

  /// What follows the `[` of an IPv6 address (RFC 3986, section 3.2.2), with a zone if there is one.
  private static func bracketed(_ text: Substring) throws(InvalidValue) -> BindAddress {
    guard let end = text.firstIndex(of: "]") else {
      throw InvalidValue("the ] after the IPv6 address is missing")
    }
    let address = text[..<end]
    var binary = in6_addr()
    guard inet_pton(AF_INET6, String(address.prefix { $0 != "%" }), &binary) == 1 else {
      throw InvalidValue("'\(address)' is not an IPv6 address")
    }
    let rest = text[text.index(after: end)...]
    if rest.isEmpty { return .tcp(host: address.lowercased(), port: defaultPort) }
    guard rest.hasPrefix(":") else { throw InvalidValue("after ] comes :PORT") }
    return .tcp(host: address.lowercased(), port: try port(rest.dropFirst()))
  }

  private static func host(_ text: Substring) throws(InvalidValue) -> String {
    let allowed = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard allowed, !text.isEmpty else {
      throw InvalidValue("it must be HOST:PORT, :PORT, [IPV6]:PORT, unix:PATH or fd://N")
    }
    return text.lowercased()
  }

  private static func port(_ text: Substring) throws(InvalidValue) -> UInt16 {
    guard let number = Int(digits: text).flatMap(UInt16.init(exactly:)) else {
      throw InvalidValue("the port must be a number, 0 to 65535")
    }
    return number
  }
}

extension StringProtocol {
  /// What follows a prefix, or nothing if it is not there.
  func dropping(prefix: String) -> SubSequence? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
