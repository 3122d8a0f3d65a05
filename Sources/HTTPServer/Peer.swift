import HTTPCore
import NIOCore

/// The two ends of a connection, as an application is told of them.
package final class Peer: Sendable {
  /// The client's address in numbers, or an empty string on a Unix socket.
  package let remoteHost: String
  package let remotePort: Int?
  /// Our address, or the path of the Unix socket.
  package let localHost: String
  package let localPort: Int?
  /// Nil on a Unix socket.
  package let remoteAddress: NetworkAddress?

  /// The client, for messages.
  var name: String { remoteHost.isEmpty ? "a client on a Unix socket" : remoteHost }

  init(remote: SocketAddress?, local: SocketAddress?) {
    remoteHost = remote?.ipAddress ?? ""
    remotePort = remote?.port
    localHost = local?.ipAddress ?? local?.pathname ?? ""
    localPort = local?.port
    remoteAddress = remote?.ipAddress.flatMap { NetworkAddress($0) }
  }

  /// The ends of the connection that a load balancer has taken.
  init(source: ProxyHeader.Endpoint, destination: ProxyHeader.Endpoint) {
    remoteHost = source.address.description
    remotePort = Int(source.port)
    localHost = destination.address.description
    localPort = Int(destination.port)
    remoteAddress = source.address
  }
}
