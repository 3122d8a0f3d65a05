import Glibc
import HTTPCore
import NIOCore
import NIOPosix
import Synchronization

/// One turn of an event loop: a look at the sockets, and all that comes of it.
///
/// A request that the loop has heard of in a turn was there before anything that is looked at in that turn. So one look
/// at a file is enough for all the requests of a turn.
package struct LoopTurn: Sendable {
  /// Unique in this process; 0 is that of none.
  package let number: UInt64

  private static let last = Atomic<UInt64>(0)

  static func next() -> LoopTurn {
    LoopTurn(number: last.wrappingAdd(1, ordering: .relaxed).newValue)
  }
}

/// Tells the contexts of event loops that a turn is over.
final class LoopTurns: NIOEventLoopMetricsDelegate {
  private let loops = Mutex<[(loop: ObjectIdentifier, context: LoopContext)]>([])

  func watch(_ contexts: [LoopContext]) {
    loops.withLock { $0 = contexts.map { (ObjectIdentifier($0.eventLoop), $0) } }
  }

  func processedTick(info: NIOEventLoopTickInfo) {
    let context = loops.withLock { loops in loops.first { $0.loop == info.eventLoopID }?.context }
    context?.turnHasEnded()
  }
}

extension LoopContext {
  /// Makes an answer that is at hand (``ImmediateResponder``). It stays in ``answer`` until the next one.
  ///
  /// - Parameter head: of a request that the loop has heard of in this turn.
  func makeAnswer(_ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool {
    if !isInTurn { beginTurn() }
    answer.reset()
    return server.immediateResponder.answer(head, bytes, into: &answer) && answer.isWhole
  }

  private func beginTurn() {
    isInTurn = true
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    answer.beginTurn(.next(), secondsSinceEpoch: Int64(now.tv_sec))
  }

  func turnHasEnded() {
    isInTurn = false
  }
}
