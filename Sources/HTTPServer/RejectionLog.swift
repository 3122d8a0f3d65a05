import HTTPCore
import Logging
import NIOCore
import Synchronization

/// Says in the log why requests were refused: briefly, and not more often than an operator can read.
///
/// What goes beyond that is counted, and told one by one with the level `debug` only.
final class RejectionLog: Sendable {
  private let logger: Logger
  private let quota = Mutex(LogQuota())

  init(_ logger: Logger) {
    self.logger = logger
  }

  /// On an event loop.
  func note(_ rejection: HTTPRejection, of peer: Peer, on loop: any EventLoop) {
    let now = NIODeadline.now()
    let verdict = quota.withLock { $0.admit(at: now.uptimeNanoseconds) }
    guard verdict != .write else { return logger.info("\(Self.line(rejection, peer))") }
    logger.debug("\(Self.line(rejection, peer))")
    guard case .leaveOutFirst(let end) = verdict else { return }
    loop.scheduleTask(deadline: .uptimeNanoseconds(end)) { [self] in
      let count = quota.withLock { $0.takeLeftOut() }
      logger.info("rejected \(count) more request\(count == 1 ? "" : "s"): --log-level debug tells why")
    }
  }

  /// One that is told elsewhere, or whose client has had its answer.
  func noteQuietly(_ rejection: HTTPRejection, of peer: Peer) {
    logger.debug("\(Self.line(rejection, peer))")
  }

  private static func line(_ rejection: HTTPRejection, _ peer: Peer) -> String {
    "rejected a request from \(peer.name): \(rejection)"
  }
}

extension Exchange {
  /// Refuses a request that has been understood: a short page for the client, and the reason for the log.
  package func reject(_ rejection: HTTPRejection) {
    loop.server.rejections.note(rejection, of: peer, on: loop.eventLoop)
    respond(rejection.status, detail: nil)
  }
}
