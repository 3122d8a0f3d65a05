import CLinux
import HTTPCore
import NIOCore

/// Until when something must have happened.
struct Deadline {
  enum Purpose {
    case head, idle, body, linger, freshWhileDraining
  }

  let purpose: Purpose
  let time: NIODeadline

  init(_ purpose: Purpose, _ time: NIODeadline) {
    self.purpose = purpose
    self.time = time
  }
}

/// Since when a client has taken nothing of what waits for it.
struct WriteStall {
  private var taken = 0
  private var since: NIODeadline?
  private var rate = MinimumRate()

  func isTooSlow(at time: NIODeadline, minimum: Int) -> Bool { rate.isTooSlow(at: time, minimum: minimum) }

  /// Looks at how much the client has taken by now.
  ///
  /// - Parameters:
  ///   - queued: bytes written in all.
  ///   - pending: bytes of those that the client has not acknowledged.
  ///   - backlog: bytes of those for which the kernel has had no room.
  /// - Returns: how long it has taken nothing, while something was there to take.
  mutating func observe(queued: Int, pending: Int, backlog: Int, at time: NIODeadline) -> TimeAmount {
    let now = queued - pending
    // Bytes that are merely under way are nobody's fault.
    if backlog == 0 { rate.pause() } else { rate.beginIfPaused(at: time) }
    rate.add(max(now - taken, 0))
    guard pending > 0, let since, now <= taken else {
      taken = now
      since = pending > 0 ? time : nil
      return .zero
    }
    return time - since
  }
}

extension ConnectionHandler {
  /// Looked at a few times a second, for every connection of the loop.
  func checkDeadline(_ now: NIODeadline) {
    collectDirectOutput()
    releaseIdleOutput()
    checkWriting(now)
    checkBodyRate(now)
    guard let deadline, deadline.time <= now else { return }
    self.deadline = nil
    switch deadline.purpose {
    case .idle where hasOutstandingOutput || hasUnreadInput:
      // It is still reading the last response, or has sent its next request.
      self.deadline = Deadline(.idle, now + configuration.keepAlive)
    case .idle, .linger, .freshWhileDraining:
      context?.close(promise: nil)
    case .head:
      if parser.isEmpty {
        context?.close(promise: nil)
      } else {
        reject(HTTPRejection(.requestTimeout, "the head took too long"))
      }
    case .body:
      if bodySink?.isBusy == true {
        // The disk is slow, not the client.
        self.deadline = Deadline(.body, now + configuration.bodyTimeout)
      } else {
        reject(HTTPRejection(.requestTimeout, "the body paused for too long"))
      }
    }
  }

  private func checkBodyRate(_ now: NIODeadline) {
    if bodySink?.isBusy == true {
      // The disk or the application is slow, not the client. A body that is whole already is measured no more.
      bodyRate.restart(at: now)
    } else if bodyRate.isTooSlow(at: now, minimum: configuration.minimumRate) {
      bodyRate.pause()
      reject(HTTPRejection(.requestTimeout, "the body came too slowly"))
    }
  }

  private func checkWriting(_ now: NIODeadline) {
    if let filePump, filePump.hasShrunk { return fileHasShrunk() }
    guard hasOutstandingOutput else { return }
    // What the kernel has taken over may still be waiting for the client.
    let pending = unsentBytes + Int(descriptor.map { martlet_unsent_bytes($0) } ?? 0)
    hasOutstandingOutput = pending > 0
    let stalled = stall.observe(
      queued: queuedBytes,
      pending: pending,
      backlog: unsentBytes,
      at: now
    )
    guard stalled < configuration.sendTimeout, !stall.isTooSlow(at: now, minimum: configuration.minimumRate)
    else {
      return cutOff(stalled)
    }
  }

  private func cutOff(_ stalled: TimeAmount) {
    let what = exchange.map { "\($0.title): " } ?? ""
    let how =
      stalled >= configuration.sendTimeout
      ? "took nothing of its response for \(stalled.nanoseconds / 1_000_000_000) s"
      : "takes its response too slowly (--min-rate)"
    loop.server.logger.info("\(what)\(peer.name) \(how): cut off")
    abort()
  }
}
