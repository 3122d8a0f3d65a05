import Glibc
import Synchronization

/// Where to listen.
package enum ListenAddress: Sendable, Equatable {
  /// A host name or address, and a port; 0 takes a free one.
  case tcp(host: String, port: UInt16)
  case unix(path: String)
  /// A socket that somebody else has bound and handed down.
  case fileDescriptor(Int32)
}

/// Why an address can't be listened on, and what to do about it.
package struct ListenError: Error, CustomStringConvertible {
  package let address: String
  package let reason: String

  package var description: String { "cannot listen on \(address): \(reason)" }
}

/// A socket that listens. Until the server accepts, clients wait in the kernel's queue: none is refused while the
/// application is being loaded.
package final class BoundSocket: Sendable {
  /// Where clients reach it, as in `http://127.0.0.1:8000` or `unix:/run/app.sock`.
  package let url: String
  private let descriptor: Atomic<CInt>
  let noted: ServerDescriptors.Entry
  private let socketFile: SocketFile?

  init(descriptor: CInt, url: String, socketFile: SocketFile? = nil) {
    self.descriptor = Atomic(descriptor)
    self.url = url
    self.socketFile = socketFile
    noted = ServerDescriptors.insert(descriptor)
  }

  deinit {
    let descriptor = takeDescriptor()
    guard descriptor >= 0 else { return }
    ServerDescriptors.remove(noted)
    close(descriptor)
  }

  /// Hands the descriptor over; it can be had once.
  func takeDescriptor() -> CInt {
    descriptor.exchange(-1, ordering: .acquiringAndReleasing)
  }

  /// Removes the file of a Unix socket, unless somebody else has put another one there.
  package func removeSocketFile() {
    socketFile?.remove()
  }
}

extension BoundSocket {
  /// Binds an address.
  ///
  /// - Parameter access: who may connect to a Unix socket.
  package static func bind(
    _ address: ListenAddress,
    _ access: SocketAccess = SocketAccess()
  ) throws(ListenError) -> BoundSocket {
    switch address {
    case .tcp(let host, let port): try bindTCP(host: host, port: port)
    case .unix(let path): try bindUnix(path, access)
    case .fileDescriptor(let number): try adopt(number)
    }
  }

  /// Connections that may wait to be accepted; the kernel has a limit of its own (`net.core.somaxconn`).
  static let backlog: CInt = 2048

  /// Bytes that the kernel takes of a response beyond what is on its way. Without a bound it takes megabytes for a client
  /// that does not read, and some thousands of those use up the memory of all TCP on the machine.
  private static let unsent: CInt = 128 << 10

  /// Connections inherit it. On a Unix socket it has no effect.
  private static func limitUnsent(of descriptor: CInt) {
    var limit = unsent
    let size = socklen_t(MemoryLayout<CInt>.size)
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &limit, size)
  }

  private static func bindTCP(host: String, port: UInt16) throws(ListenError) -> BoundSocket {
    let name = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var results: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &results)
    guard status == 0, let result = results?.pointee else {
      throw ListenError(address: name, reason: "\(String(cString: gai_strerror(status))) ('\(host)')")
    }
    defer { freeaddrinfo(results) }

    let descriptor = socket(
      result.ai_family,
      result.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
      result.ai_protocol
    )
    guard descriptor >= 0 else { throw ListenError(address: name, reason: errorText(errno)) }
    var on: CInt = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
    limitUnsent(of: descriptor)
    // Two sockets may be bound to one address as long as neither listens: whether it is ours shows only then.
    guard Glibc.bind(descriptor, result.ai_addr, result.ai_addrlen) == 0, listen(descriptor, backlog) == 0
    else {
      let code = errno
      close(descriptor)
      throw ListenError(address: name, reason: bindFailure(code, port: port))
    }
    return BoundSocket(descriptor: descriptor, url: url(of: descriptor))
  }

  private static func bindFailure(_ code: CInt, port: UInt16) -> String {
    switch code {
    case EADDRINUSE:
      "the address is in use. Stop the program that has it, or choose another port with --bind (0 takes a free one)."
    case EACCES where port < 1024:
      "not permitted. Ports below 1024 need root or the capability CAP_NET_BIND_SERVICE."
    case EADDRNOTAVAIL:
      "no interface of this machine has that address. 0.0.0.0 stands for all of them."
    default: errorText(code)
    }
  }

  private static func bindUnix(_ path: String, _ access: SocketAccess) throws(ListenError) -> BoundSocket {
    let name = "unix:\(path)"
    guard let address = UnixAddress(path) else {
      throw ListenError(address: name, reason: "the path is too long for a socket (107 bytes at most)")
    }
    try SocketFile.clearTheWay(for: address, path: path, name: name)
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw ListenError(address: name, reason: errorText(errno)) }
    guard address.withSocketAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 else {
      let code = errno
      close(descriptor)
      throw ListenError(address: name, reason: errorText(code))
    }
    do throws(ListenError) {
      // Before anybody can connect.
      try access.apply(to: path, name: name)
      guard listen(descriptor, backlog) == 0 else {
        throw ListenError(address: name, reason: errorText(errno))
      }
    } catch {
      close(descriptor)
      unlink(path)
      throw error
    }
    return BoundSocket(descriptor: descriptor, url: name, socketFile: SocketFile(path))
  }

  private static func adopt(_ number: Int32) throws(ListenError) -> BoundSocket {
    var type: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    guard getsockopt(number, SOL_SOCKET, SO_TYPE, &type, &size) == 0 else {
      throw ListenError(
        address: "fd://\(number)",
        reason: "that descriptor is no open socket (\(errorText(errno)))"
      )
    }
    guard type == Int32(SOCK_STREAM.rawValue) else {
      throw ListenError(address: "fd://\(number)", reason: "that socket is no stream socket")
    }
    var isListening: CInt = 0
    getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size)
    guard isListening != 0 else {
      throw ListenError(
        address: "fd://\(number)",
        reason: "that socket does not listen: whoever passes it has to bind it and call listen()"
      )
    }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    limitUnsent(of: number)
    return BoundSocket(descriptor: number, url: url(of: number))
  }

  /// The address that a socket is bound to: with port 0, what the kernel chose.
  private static func url(of descriptor: CInt) -> String {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let family = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length) == 0 ? $0.pointee.sa_family : 0
      }
    }
    guard family != sa_family_t(AF_UNIX) else { return "unix:\(UnixAddress.path(in: storage))" }
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let status = withUnsafePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getnameinfo(
          $0,
          length,
          &host,
          socklen_t(host.count),
          &port,
          socklen_t(port.count),
          NI_NUMERICHOST | NI_NUMERICSERV
        )
      }
    }
    guard status == 0 else { return "fd://\(descriptor)" }
    let text = String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let number = String(decoding: port.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.contains(":") ? "http://[\(text)]:\(number)" : "http://\(text):\(number)"
  }
}
