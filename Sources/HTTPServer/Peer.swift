import NIOCore

/// The two ends of a connection, as an application is told of them.
package struct Peer: Sendable {
  /// The client's address in numbers, or an empty string on a Unix socket.
  package let remoteHost: String
  package let remotePort: Int?
  /// Our address, or the path of the Unix socket.
  package let localHost: String
  package let localPort: Int?
  package var scheme = "http"

  init(remote: SocketAddress?, local: SocketAddress?) {
    remoteHost = remote?.ipAddress ?? ""
    remotePort = remote?.port
    localHost = local?.ipAddress ?? local?.pathname ?? ""
    localPort = local?.port
  }
}
