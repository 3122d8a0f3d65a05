import HTTPCore
import NIOCore

/// What is known of bytes that were no request.
package struct RejectedRequest: Sendable {
  package let peer: Peer
  package let status: HTTPStatus
  package let reason: String
  /// The first line as far as it was received, at most 256 bytes of it, uninterpreted.
  package let firstLine: [UInt8]

  init(peer: Peer, rejection: HTTPRejection, input: ByteBuffer) {
    self.peer = peer
    status = rejection.status
    reason = "\(rejection.reason)"
    let line = input.readableBytesView.prefix(256).prefix { $0 != ASCII.cr && $0 != ASCII.lf }
    firstLine = Array(line)
  }
}
