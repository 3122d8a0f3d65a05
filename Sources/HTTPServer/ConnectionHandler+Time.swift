import HTTPCore
import NIOCore

/// Until when something must have happened.
struct Deadline {
  enum Purpose {
    case head, idle, body, linger, freshWhileDraining
  }

  let purpose: Purpose
  let time: NIODeadline

  init(_ purpose: Purpose, in amount: TimeAmount) {
    self.purpose = purpose
    time = .now() + amount
  }
}

/// Since when a client has taken nothing of what waits for it.
struct WriteStall {
  private var buffered = 0
  private var since: NIODeadline?

  /// Looks at how many bytes are waiting now.
  ///
  /// - Returns: how long that number has not gone down.
  mutating func observe(buffered now: Int, at time: NIODeadline) -> TimeAmount {
    defer { buffered = now }
    guard now > 0, let since, now >= buffered else {
      since = now > 0 ? time : nil
      return .zero
    }
    return time - since
  }
}

extension ConnectionHandler {
  /// Looked at a few times a second, for every connection of the loop.
  func checkDeadline(_ now: NIODeadline) {
    checkWriting(now)
    guard let deadline, deadline.time <= now else { return }
    self.deadline = nil
    switch deadline.purpose {
    case .idle, .linger, .freshWhileDraining:
      context?.close(promise: nil)
    case .head:
      if parser.isEmpty {
        context?.close(promise: nil)
      } else {
        reject(HTTPRejection(.requestTimeout, "the head took too long"))
      }
    case .body:
      if collector?.isBusy == true {
        // The disk is slow, not the client.
        self.deadline = Deadline(.body, in: configuration.bodyTimeout)
      } else {
        reject(HTTPRejection(.requestTimeout, "the body paused for too long"))
      }
    }
  }

  private func checkWriting(_ now: NIODeadline) {
    let waiting = try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
    let stalled = stall.observe(buffered: waiting ?? 0, at: now)
    if stalled >= configuration.sendTimeout {
      loop.server.logger.debug("\(peer.remoteHost) has taken nothing of its response for \(stalled): closed")
      abort()
    } else if let filePump, filePump.hasShrunk {
      abort()
    }
  }
}
