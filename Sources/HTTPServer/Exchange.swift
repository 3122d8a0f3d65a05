import HTTPCore
import Logging
import NIOCore
import Synchronization

/// One request, its body, and its response: what crosses between an event loop and a Python thread.
///
/// The loop fills it in, and from the moment it is handed over nobody changes `head`, `headBytes` and `body`
/// any more. A response goes back through ``post(_:)``, from any thread.
package final class Exchange: @unchecked Sendable {
  // Invariants behind `@unchecked`: `body`, `connection`, `handlerIndex`, `applicationIndex`, `sendRate`, `directOutput`
  // and `bodyReceiver` are touched on the connection's loop only; `body`, `applicationIndex` and `directOutput` are read
  // elsewhere only after the hand-over, which comes after the last write to them. `serialized` is set once, before a
  // letter says so, and taken by whoever gets the letter. Everything else is immutable or locked.

  /// A number that is unique in this process, for ``requestID``.
  package let sequence: UInt64
  package let head: RequestHead
  /// The bytes that the spans of `head` point into.
  package let headBytes: ByteBuffer
  /// Who is at the other end of the connection: the client, or a proxy.
  package let peer: Peer
  /// What that proxy says of the request, if it is a trusted one.
  package let forwarded: ForwardedRequest?
  package let started: NIODeadline
  package internal(set) var body = RequestBody.none

  /// Which application the request is for, where one handler has several.
  package var applicationIndex = 0

  /// Bytes per second of a response whose body is a file or pieces of one; nil for no limit.
  package var sendRate: Int64?

  let loop: LoopContext
  var connection: ConnectionHandler?
  var handlerIndex = 0
  var bodyReceiver: ((Exchange) -> Void)?

  /// The connection's socket, if it was lent to whoever answers.
  var directOutput: DirectOutput?

  /// The response, on its way to the loop: letters without it are cheaper to pass on.
  private var serialized: SerializedResponse?

  private let cancelled = Atomic(false)

  private struct Shared {
    var isFinished = false
    var flow: ResponseFlow?
    var finishReceiver: (@Sendable () -> Void)?
  }
  private let shared = Mutex(Shared())

  init(
    sequence: UInt64,
    head: RequestHead,
    headBytes: ByteBuffer,
    peer: Peer,
    forwarded: ForwardedRequest? = nil,
    started: NIODeadline,
    loop: LoopContext,
    connection: ConnectionHandler
  ) {
    self.sequence = sequence
    self.head = head
    self.headBytes = headBytes
    self.peer = peer
    self.forwarded = forwarded
    self.started = started
    self.loop = loop
    self.connection = connection
  }

  /// Names this request in the log and on the error page: the process and the request within it.
  package var requestID: String { loop.server.requestIDPrefix + String(sequence, radix: 36) }

  /// Method and target.
  package var line: String { "\(string(head.methodSpan)) \(string(head.targetSpan))" }

  /// Whether the other end of the connection may speak for its clients.
  package var isFromTrustedProxy: Bool {
    loop.server.configuration.trustedProxies.contains(peer: peer.remoteAddress)
  }

  /// The client's address in numbers, or an empty string on a Unix socket.
  package var clientHost: String { forwarded?.address?.description ?? peer.remoteHost }

  package var clientPort: Int? {
    guard let forwarded, forwarded.address != nil else { return peer.remotePort }
    return forwarded.port.map(Int.init)
  }

  /// The request in one line, for messages in the log.
  package var title: String { "\(requestID): \(line)" }

  /// The client has gone: nobody will see what is sent from now on.
  package var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

  /// The backpressure of a streaming response. Ask for it before the first part is posted.
  package func flow() -> ResponseFlow {
    let flow = shared.withLock { shared in
      let flow = shared.flow ?? ResponseFlow(limit: loop.server.configuration.responseBuffer)
      shared.flow = flow
      return flow
    }
    if isCancelled { flow.close() }
    return flow
  }

  /// So much of what was posted waits for the client no more.
  func release(_ weight: Int) {
    guard weight > 0 else { return }
    shared.withLock { $0.flow }?.release(weight)
  }

  /// The client has gone, or has had its answer without the one that is being made.
  func cancel() {
    // Before the look for a flow: whoever makes one afterwards looks for this.
    cancelled.store(true, ordering: .releasing)
    shared.withLock { $0.flow }?.close()
    if case .stream(let stream) = body { stream.cancel() }
  }

  /// Ends the exchange in the place of whoever is at work on it: with 504, or where an answer has begun, by cutting it.
  package func expire() {
    cancel()
    post(.fail(.gatewayTimeout))
  }

  func markFinished() {
    let receiver = shared.withLock { shared in
      defer { shared.finishReceiver = nil }
      shared.isFinished = true
      return shared.finishReceiver
    }
    receiver?()
  }

  /// Calls `receiver` once the response has been sent or given up: on the loop, or here and now where that has
  /// happened already.
  package func whenFinished(_ receiver: @escaping @Sendable () -> Void) {
    let isLate = shared.withLock { shared in
      if !shared.isFinished { shared.finishReceiver = receiver }
      return shared.isFinished
    }
    if isLate { receiver() }
  }
}

// MARK: - On the event loop

extension Exchange {
  /// Has the request's body received in full, then calls `receiver` on the loop. Where it can't be (too large,
  /// malformed, the client gone), the client is answered and `receiver` is dropped.
  package func collectBody(_ receiver: @escaping (Exchange) -> Void) {
    bodyReceiver = receiver
    connection?.collectBody(for: self)
  }

  /// Whether nothing is to come behind the head.
  package var hasNoBody: Bool {
    switch head.framing {
    case .none, .length(0): true
    case .length, .chunked: false
    }
  }

  /// Makes the body one that is read while it arrives: from now on, or where the client waits for `100 Continue`, from
  /// the first read on.
  package func streamBody() {
    connection?.streamBody(for: self)
  }

  /// Passes the request on to the next handler.
  package func decline() {
    handlerIndex += 1
    loop.server.dispatch(self)
  }

  /// Sends a complete response.
  package func respond(_ head: ResponseHead, _ body: ResponseBody) {
    loop.noteOwnAnswer()
    connection?.perform(.whole(head, body), for: self)
  }

  /// Puts the exchange into a queue of another thread's, together with all others of this turn of the loop.
  package func handOver(to queue: any ExchangeQueue) {
    loop.handOver(self, to: queue)
  }

  /// Runs `work`, which may wait for a disk, on a thread of the server's pool; then `receiver` on the loop with
  /// what came of it. Never for Python.
  package func offload<Result: Sendable>(
    _ work: @escaping @Sendable () -> Result,
    then receiver: @escaping @Sendable (Result) -> Void
  ) {
    loop.server.threadPool.runIfActive(eventLoop: loop.eventLoop, work).whenSuccess(receiver)
  }

  package var logger: Logger { loop.server.logger }

}

// MARK: - From any thread

extension Exchange {
  /// Hands a part of the response to the event loop. Parts arrive in the order in which one thread posts them.
  package func post(_ part: ResponsePart) {
    directOutput?.decline(for: sequence)
    loop.mailbox.post(self, part)
  }

  /// Hands over the whole response, or writes it, where the connection has lent its socket.
  package func post(_ response: consuming SerializedResponse) {
    // The connection learns of it when it next has something to do.
    if let directOutput, directOutput.send(&response, for: sequence) { return }
    serialized = consume response
    loop.mailbox.post(self, .serialized)
  }

  /// Nobody is there any more to send a part to. The thread that waits for room must not wait for ever.
  func drop(_ part: ResponsePart) {
    _ = takeSerialized()
    release(part.weight)
  }

  /// What has been handed over so, once.
  func takeSerialized() -> SerializedResponse? {
    serialized.take()
  }
}

// MARK: - Reading the head

extension Exchange {
  /// The bytes of a span, for as long as `body` runs.
  @inlinable
  package func withBytes<Result, Failure: Error>(
    _ span: FieldSpan,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try headBytes.withUnsafeReadableBytes { bytes throws(Failure) in
      try body(UnsafeRawBufferPointer(rebasing: bytes[span.range]))
    }
  }

  /// The bytes of a span as text; what is not UTF-8 is replaced.
  package func string(_ span: FieldSpan) -> String {
    withBytes(span) { String(decoding: $0, as: UTF8.self) }
  }
}
