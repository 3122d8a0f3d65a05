import HTTPCore
import NIOCore

/// What is known of bytes that were no request.
package struct RejectedRequest: Sendable {
  package let peer: Peer
  package let status: HTTPStatus
  package let reason: String
  /// Bytes of the page that says so.
  package let bodyBytes: Int
  /// The first line as far as it was received, at most 256 bytes of it, uninterpreted.
  package let firstLine: [UInt8]

  init(peer: Peer, rejection: HTTPRejection, input: ByteBuffer) {
    self.peer = peer
    status = rejection.status
    bodyBytes = ByteBuffer.page(rejection.status).readableBytes
    reason = "\(rejection.reason)"
    let line = input.readableBytesView.prefix(256).prefix { $0 != ASCII.cr && $0 != ASCII.lf }
    firstLine = Array(line)
  }
}
