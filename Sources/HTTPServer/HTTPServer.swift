import HTTPCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The front end: listeners, connections, and the handlers that answer.
///
/// Handlers are asked in their order; the first that does not decline answers.
package final class HTTPServer: Sendable {
  package let configuration: ServerConfiguration
  package let logger: Logger
  /// For work that may block: disks, never Python.
  package let threadPool: NIOThreadPool
  let observer: (any ExchangeObserver)?
  let internalFiles: (any InternalFileHandler)?
  package let headWriter = ResponseHeadWriter()
  let requestIDPrefix: String
  let hasImmediateResponder: Bool
  /// Asked before an exchange is made.
  let immediateResponder: any ImmediateResponder

  private let handlers: [any ExchangeHandler]
  private let group: MultiThreadedEventLoopGroup
  private let sequence = Atomic<UInt64>(0)
  let connectionLimits: ConnectionLimits
  private let limiter: RequestLimiter?
  private let lastWarnedOfLimits = Atomic<UInt64>(0)
  private let hasWarnedOfForwarding = Atomic(false)
  let rejections: RejectionLog

  private struct State {
    var loops: [LoopContext] = []
    var listeners: [Listener] = []
  }
  private let state = Mutex(State())

  private struct Listener {
    let channel: any Channel
    let noted: ServerDescriptors.Entry
  }

  /// Starts the event loops; nothing listens yet.
  package init(
    configuration: ServerConfiguration,
    handlers: [any ExchangeHandler],
    internalFiles: (any InternalFileHandler)? = nil,
    observer: (any ExchangeObserver)?,
    logger: Logger,
    loopCount: Int = 1
  ) {
    self.configuration = configuration
    self.handlers = handlers
    self.observer = observer
    self.internalFiles = internalFiles
    connectionLimits = ConnectionLimits(
      total: configuration.connectionLimit,
      perClient: configuration.clientConnectionLimit
    )
    limiter = configuration.rateLimit.map { RequestLimiter($0) }
    let responder = Self.immediateResponder(configuration, handlers.first, observer)
    immediateResponder = responder ?? NoImmediateResponder()
    hasImmediateResponder = responder != nil
    self.logger = logger
    rejections = RejectionLog(logger)
    // In a container every process may have the same number.
    requestIDPrefix = String(UInt32.random(in: 0...UInt32.max), radix: 36) + "-"
    // A signal is for the main thread, where Python handles it.
    (group, threadPool) = SignalMask.withAllBlocked {
      let group = MultiThreadedEventLoopGroup(numberOfThreads: loopCount)
      let pool = NIOThreadPool(numberOfThreads: 4)
      pool.start()
      return (group, pool)
    }
    InheritedDescriptors.closeOnExec()
    let loops = group.makeIterator().map { LoopContext(eventLoop: $0, server: self) }
    state.withLock { $0.loops = loops }
    for loop in loops { loop.eventLoop.execute { TimeSlice.shorten() } }
  }

  /// Nil where every request has to have an exchange: for the log, for the limit, for a closer look at its fields.
  private static func immediateResponder(
    _ configuration: ServerConfiguration,
    _ first: (any ExchangeHandler)?,
    _ observer: (any ExchangeObserver)?
  ) -> (any ImmediateResponder)? {
    guard observer == nil, configuration.rateLimit == nil, configuration.underscoredNames != .refuse,
      configuration.keepAlive > .zero
    else { return nil }
    return first as? any ImmediateResponder
  }

  /// Runs work that may wait for a disk, on a thread of the pool.
  package func offload(_ work: @escaping @Sendable () -> Void) {
    threadPool.submit { state in if state == .active { work() } }
  }

  func nextSequence() -> UInt64 {
    sequence.wrappingAdd(1, ordering: .relaxed).newValue
  }

  var mayWarnOfForwarding: Bool { !hasWarnedOfForwarding.load(ordering: .relaxed) }

  /// A proxy that is not trusted is the usual cause of wrong addresses and schemes: the log says so, once.
  func warnOfForwarding(by peer: Peer) {
    guard !hasWarnedOfForwarding.exchange(true, ordering: .relaxed) else { return }
    logger.warning(
      """
      \(peer.remoteHost.isEmpty ? "a peer on a Unix socket" : peer.remoteHost) sent X-Forwarded-* or Forwarded, which \
      is not taken from it: if it is your proxy, name it with --forwarded-allow-ips. (This is said once.)
      """
    )
  }

  /// Nil where the client may go on; else in how many seconds.
  private func retryAfter(_ exchange: Exchange) -> Int64? {
    guard let wait = limiter?.admit(exchange) else { return nil }
    warnOfLimit(
      "\(exchange.clientHost.isEmpty ? "a client on a Unix socket" : exchange.clientHost) makes more requests than it may (--rate-limit): answered with 429"
    )
    return Int64(clamping: (wait + 999_999_999) / 1_000_000_000)
  }

  /// Clients beyond a bound are answered; the log hears of one in ten seconds.
  func warnOfLimit(_ message: @autoclosure () -> String) {
    let now = NIODeadline.now().uptimeNanoseconds
    let last = lastWarnedOfLimits.load(ordering: .relaxed)
    guard last == 0 || now - min(last, now) > 10_000_000_000 else { return }
    guard lastWarnedOfLimits.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
    else { return }
    let message = message()
    logger.warning("\(message). (More of these in the next ten seconds are not logged.)")
  }

  /// Asks the next handler. On the exchange's loop.
  func dispatch(_ exchange: Exchange) {
    if exchange.handlerIndex == 0, let seconds = retryAfter(exchange) {
      return exchange.respond(.tooManyRequests, detail: nil) {
        $0.append(name: "Retry-After", value: seconds)
      }
    }
    guard exchange.head.method != .connect else {
      // A 2xx would make a tunnel of the connection (RFC 9110, section 9.3.6). There are none here.
      return exchange.respond(.methodNotAllowed, detail: nil) {
        $0.append(name: "Allow", value: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" as StaticString)
      }
    }
    guard exchange.handlerIndex < handlers.count else {
      return exchange.respond(.notFound, detail: nil)
    }
    handlers[exchange.handlerIndex].handle(exchange)
  }

  private var loops: [LoopContext] { state.withLock { $0.loops } }
}

// MARK: - Life cycle

extension HTTPServer {
  /// Begins to accept on sockets that are bound. Blocks until all of them listen.
  package func listen(on sockets: [BoundSocket]) throws {
    let loops = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: BoundSocket.backlog)
      .serverChannelOption(.maxMessagesPerRead, value: 64)
      .serverChannelInitializer { [logger] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptPause(logger))
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(.recvAllocator, value: ReceiveBuffers())
      .childChannelInitializer { channel in
        guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else {
          return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        return channel.eventLoop.makeCompletedFuture {
          if channel.remoteAddress?.protocol != .unix {
            // Responses are written whole: waiting for more would only delay the last piece.
            try channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
          }
          try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop))
        }
      }
    for socket in sockets {
      let descriptor = socket.takeDescriptor()
      let channel = try bootstrap.withBoundSocket(descriptor).wait()
      state.withLock { $0.listeners.append(Listener(channel: channel, noted: socket.noted)) }
    }
  }

  /// Calls `body` on an event loop again and again, until the process ends. It must not block.
  package func repeatEvery(nanoseconds: UInt64, _ body: @escaping @Sendable () -> Void) {
    let interval = TimeAmount.nanoseconds(Int64(clamping: nanoseconds))
    group.any().scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in body() }
  }

  /// Stops accepting, closes idle connections, and lets requests under way finish. `completion` is called, on
  /// whatever thread, when the last connection has gone.
  package func drain(_ completion: @escaping @Sendable () -> Void) {
    let (listeners, loops) = state.withLock { state in
      defer { state.listeners = [] }
      return (state.listeners, state.loops)
    }
    let closed = listeners.map { listener in
      ServerDescriptors.remove(listener.noted)
      return listener.channel.close()
    }
    let all = EventLoopFuture.whenAllComplete(closed, on: group.any())
    all.whenComplete { _ in
      let counter = Countdown(loops.count, completion)
      for loop in loops {
        loop.eventLoop.execute { loop.drain { counter.one() } }
      }
    }
  }

  /// Cuts every connection that is left.
  ///
  /// - Returns: how many requests were being answered.
  package func abortConnections() -> Int {
    loops.reduce(0) { count, loop in
      let cut = try? loop.eventLoop.submit { loop.abortAll() }.wait()
      return count + (cut ?? 0)
    }
  }
}

/// Calls back when as many things as were announced have happened.
private final class Countdown: Sendable {
  private let remaining: Atomic<Int>
  private let completion: @Sendable () -> Void

  init(_ count: Int, _ completion: @escaping @Sendable () -> Void) {
    remaining = Atomic(count)
    self.completion = completion
  }

  func one() {
    if remaining.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { completion() }
  }
}
