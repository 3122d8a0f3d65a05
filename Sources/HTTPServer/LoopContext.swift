import DequeModule
import Glibc
import HTTPCore
import NIOCore
import Synchronization

/// What the connections of one event loop share.
///
/// Everything but `mailbox` is touched on that loop only: hence `@unchecked`.
package final class LoopContext: @unchecked Sendable {
  package let eventLoop: any EventLoop
  let server: HTTPServer
  let mailbox: Mailbox
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  private var sweep: RepeatedTask?
  private(set) var isDraining = false
  private var drained: (() -> Void)?
  private var outgoing: [Exchange] = []
  private var outgoingQueue: (any ExchangeQueue)?
  private var date = HTTPDateCache(secondsSinceEpoch: 0)
  private var pause = LoopPause()
  var answer: AnswerBuffer
  /// Connections whose requests are to be answered together.
  var round: [ConnectionHandler] = []
  /// Made once: it is executed for each round.
  lazy var roundTask: @Sendable () -> Void = { [unowned self] in answerRound() }
  /// Empty, for heads to come: an idle connection has none.
  private var tables: [[RequestHead.Field]] = []

  init(eventLoop: any EventLoop, server: HTTPServer) {
    self.eventLoop = eventLoop
    self.server = server
    mailbox = Mailbox(eventLoop: eventLoop)
    answer = AnswerBuffer(server.headWriter)
  }

  deinit {
    answer.deallocate()
  }

  func takeTable() -> [RequestHead.Field]? { tables.popLast() }

  /// Keeps the memory of an empty table, if it is one of the usual size.
  func keepTable(_ table: consuming [RequestHead.Field]) {
    guard 1...64 ~= table.capacity, tables.count < Self.keptTables else { return }
    tables.append(table)
  }

  private static let keptTables = 64

  /// The time to a few milliseconds, for deadlines.
  var now: NIODeadline { .uptimeNanoseconds(CoarseTime.now) }

  /// The `Date` of a response that goes out now.
  func currentDate() -> HTTPDateCache {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &now)
    date.update(secondsSinceEpoch: Int64(now.tv_sec))
    return date
  }
}

// MARK: - Hand-over

extension LoopContext {
  /// Collects what one turn of the loop makes ready, and pushes it in one go at the turn's end.
  func handOver(_ exchange: Exchange, to queue: any ExchangeQueue) {
    if let outgoingQueue, outgoingQueue !== queue { pushOutgoing() }
    outgoingQueue = queue
    outgoing.append(exchange)
    guard outgoing.count == 1 else { return }
    // What a loop executes from within itself runs after the events that it has already been told of.
    eventLoop.execute { [self] in pushOutgoing() }
  }

  /// Up to so many at work, waking the loop for their responses would be a good part of what they cost. With more, a
  /// response that goes out at once only brings the next request sooner, and the loop is woken for that one alone.
  private static let fewExchanges = 4

  private func pushOutgoing() {
    guard !outgoing.isEmpty, let queue = outgoingQueue else { return }
    let batch = outgoing
    outgoing = []
    if queue.waitingCount + batch.count <= Self.fewExchanges {
      for exchange in batch { exchange.connection?.offerOutput(to: exchange) }
    }
    queue.push(batch)
    pauseAtEndOfTurn()
  }
}

// MARK: - Pauses

/// Whether a loop is to sleep for a moment at the end of its turns.
private struct LoopPause {
  /// Microseconds.
  static let length: Int64 = 1500
  /// Nanoseconds for which an answer of the loop's own speaks against pauses.
  static let quiet: UInt64 = 5_000_000

  /// The loop has read from clients since the last one. Tasks of other threads' are carried out without another look at
  /// the sockets, for as long as they keep coming: pauses between them would keep the loop from its clients.
  var hasRead = false
  /// Responses that the loop has made itself, and how many there were when it was last looked at.
  var ownAnswers = 0
  private var seenAnswers = 0
  private var quietUntil: UInt64 = 0

  mutating func isAllowed() -> Bool {
    let now = CoarseTime.now
    if seenAnswers != ownAnswers {
      seenAnswers = ownAnswers
      quietUntil = now + Self.quiet
    }
    return now >= quietUntil
  }
}

extension LoopContext {
  /// Something has been read from a client.
  func noteRead() {
    pause.hasRead = true
  }

  /// The loop has answered a request without another thread's help.
  func noteOwnAnswer() {
    pause.ownAnswers &+= 1
  }

  /// Lets events gather while other threads have enough to do, as network cards do with their interrupts.
  ///
  /// Without it the loop is woken for each response and each request, and takes the core from the very thread that is
  /// behind with its work where they share one: with 64 clients of a Flask application on one core, once a request, for
  /// a fifth of all processor time. While the loop answers requests by itself there are no pauses: who only wants a file
  /// waits for nobody.
  func pauseAtEndOfTurn() {
    // A round that is due would come after the pause.
    guard pause.hasRead, let queue = outgoingQueue, !isDraining, round.isEmpty, pause.isAllowed() else {
      return
    }
    pause.hasRead = false
    // What this turn has still to do comes first.
    eventLoop.execute { queue.waitWhileBusy(microseconds: LoopPause.length) }
  }
}

// MARK: - Connections

extension LoopContext {
  /// How often deadlines are looked at: what a time-out may be late by.
  private static let sweepInterval = TimeAmount.milliseconds(250)

  func add(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = connection
    if isDraining { connection.drain() }
    guard sweep == nil else { return }
    sweep = eventLoop.scheduleRepeatedTask(
      initialDelay: Self.sweepInterval,
      delay: Self.sweepInterval
    ) { [self] _ in
      let now = NIODeadline.now()
      // A copy: a connection that is closed leaves the dictionary.
      for connection in Array(connections.values) { connection.checkDeadline(now) }
    }
  }

  func remove(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = nil
    guard connections.isEmpty else { return }
    sweep?.cancel()
    sweep = nil
    drained?()
    drained = nil
  }

  /// Closes the connection that has been idle for longest, to make room for another one.
  ///
  /// - Returns: whether there was one.
  func closeOldestIdle() -> Bool {
    for connection in connections.values { connection.collectDirectOutput() }
    var idle = connections.values.filter { $0.isIdleBetweenRequests }
    for _ in 0..<Self.closeAttempts {
      guard let place = idle.indices.min(by: { idle[$0].idleUntil < idle[$1].idleUntil }) else {
        return false
      }
      let oldest = idle.remove(at: place)
      // Its next request has come.
      guard !oldest.hasUnreadInput else { continue }
      oldest.closeWhenFlushed()
      return true
    }
    return false
  }

  /// So many that turn out to have something to read are passed over.
  private static let closeAttempts = 8

  /// Closes what is idle, and has everything else close after its response. `completion` is called when no
  /// connection is left.
  func drain(_ completion: @escaping () -> Void) {
    isDraining = true
    drained = completion
    for connection in Array(connections.values) { connection.drain() }
    if connections.isEmpty {
      drained?()
      drained = nil
    }
  }

  /// Cuts every connection.
  ///
  /// - Returns: how many requests were being answered.
  func abortAll() -> Int {
    let all = Array(connections.values)
    for connection in all { connection.collectDirectOutput() }
    let busy = all.count { $0.exchange != nil }
    for connection in all { connection.abort() }
    return busy
  }
}

// MARK: - From other threads

/// Parts of responses on their way to a loop. Many threads put in, the loop takes all there is at once: one
/// wake-up serves everything that was finished meanwhile.
final class Mailbox: Sendable {
  fileprivate struct Letter {
    let exchange: Exchange
    let part: ResponsePart
  }

  private struct Box {
    var letters = Deque<Letter>()
    /// Empty, with the memory of the last delivery.
    var spare = Deque<Letter>()
  }

  private let box = Mutex(Box())
  private let eventLoop: any EventLoop

  init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func post(_ exchange: Exchange, _ part: consuming ResponsePart) {
    let letter = Letter(exchange: exchange, part: part)
    let isFirst = box.withLock { box in
      box.letters.append(letter)
      return box.letters.count == 1
    }
    if isFirst { eventLoop.execute { self.deliver() } }
  }

  private func deliver() {
    var arrived = Deque<Letter>()
    box.withLock { box in
      swap(&box.letters, &arrived)
      swap(&box.letters, &box.spare)
    }
    var touched: [ConnectionHandler] = []
    let count = arrived.count
    touched.reserveCapacity(count)
    while let letter = arrived.popFirst() {
      guard let connection = letter.exchange.connection else {
        letter.exchange.drop(letter.part)
        continue
      }
      connection.beginBatch(&touched)
      connection.perform(letter.part, for: letter.exchange)
    }
    for connection in touched { connection.endBatch() }
    touched.first?.loop.pauseAtEndOfTurn()
    if count <= Self.keptCount { box.withLock { swap(&$0.spare, &arrived) } }
  }

  /// The memory of so many letters stays; after a burst of more it is given back.
  private static let keptCount = 256
}
