import Glibc
import HTTPCore
import NIOCore
import Synchronization

/// Requests that are answered one after the other, once all of them have been read (``ImmediateResponder``).
///
/// Whatever is looked at in the round, is looked at after each of its requests had come: one look at a file is enough for
/// all of them, and a request that was sent after a change sees it.
package struct AnswerRound: Sendable {
  /// Unique in this process, and not 0.
  package let number: UInt64

  private static let last = Atomic<UInt64>(0)

  static func next() -> AnswerRound {
    AnswerRound(number: last.wrappingAdd(1, ordering: .relaxed).newValue)
  }
}

/// How a connection takes part in rounds.
enum RoundMembership {
  case none
  /// Its request has been read.
  case waiting
  /// Its request has to have an exchange.
  case declined
}

extension LoopContext {
  /// Answers the connection's request behind those that this turn of the loop has read already and will read yet.
  func addToRound(_ connection: ConnectionHandler) {
    round.append(connection)
    guard round.count == 1 else { return }
    // What a loop executes from within itself runs after the events that it has already been told of.
    eventLoop.execute(roundTask)
  }

  func answerRound() {
    var members: [ConnectionHandler] = []
    swap(&members, &round)
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    answer.beginRound(.next(), secondsSinceEpoch: Int64(now.tv_sec))
    for connection in members { connection.answerInRound() }
    guard round.isEmpty, members.count <= Self.keptCount else { return }
    members.removeAll(keepingCapacity: true)
    swap(&members, &round)
  }

  /// The memory of so many members stays.
  private static let keptCount = 256

  /// Makes the answer to a request, if it is at hand. It stays in ``answer`` until the next one.
  func makeAnswer(_ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool {
    answer.reset()
    return server.immediateResponder.answer(head, bytes, into: &answer) && answer.isWhole
  }
}
