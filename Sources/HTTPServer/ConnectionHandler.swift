import Glibc
import HTTPCore
import NIOCore

/// One client connection: the only handler of its channel.
///
/// What to do next is decided by ``ConnectionState``; here is the I/O. All of it runs on one event loop.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = IOData

  let loop: LoopContext
  var context: ChannelHandlerContext?
  lazy var peer = Peer(
    remote: context?.channel.remoteAddress,
    local: context?.channel.localAddress
  )

  var state = ConnectionState()
  /// The request that is being received or answered.
  var exchange: Exchange?

  // Input
  var parser: RequestHeadParser
  /// What has been received and not been used up. While a head is incomplete it begins at the head's first byte.
  var input = ByteBuffer()
  var bodyReader: BodyReader?
  var bodySink: (any BodySink)?
  /// Of a body that nobody has read.
  var discardedBytes: Int64 = 0
  var isProcessing = false
  var roundMembership = RoundMembership.none
  /// The channel is not to read on.
  var readIsHeld = false
  /// The connection begins with a header of the PROXY protocol, which is not complete yet.
  var awaitsProxyHeader = false
  /// The next request is not looked at before the client has taken more of its answers.
  var waitsForOutput = false

  // Output
  var output = ResponseOutput()
  var filePump: FilePump?
  /// Bytes for the socket, put together as long as nothing is flushed.
  var pendingOutput: ByteBuffer?
  /// What they count for in a flow that waits for them to be sent, and whose it is.
  var pendingWeight = 0
  var pendingFlow: Exchange?
  /// The channel may hold bytes that go out before any others.
  var channelHasOutput = false
  /// A client that does not take its answers gets no further ones made.
  var isWritable = true
  var isBatching = false
  var needsFlush = false
  var lending = OutputLending()

  /// Bytes that were written in all, to the socket or the channel.
  var queuedBytes = 0
  /// Some of them may not have reached the client yet.
  var hasOutstandingOutput = false
  private(set) var descriptor: CInt?
  private var noted: ServerDescriptors.Entry?

  // Time
  var deadline: Deadline?
  var stall = WriteStall()
  var requestsServed = 0
  var bodyRate = MinimumRate()
  /// What it counts as against the limits, once it does.
  private var place: ConnectionLimits.Place?

  init(_ loop: LoopContext) {
    self.loop = loop
    parser = RequestHeadParser(limits: loop.server.configuration.limits)
  }

  var configuration: ServerConfiguration { loop.server.configuration }
}

// MARK: - The channel's life

extension ConnectionHandler {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func channelActive(context: ChannelHandlerContext) {
    // Gone before it was accepted: whoever has no address can't be told from a peer on a Unix socket, which is trusted.
    if context.remoteAddress == nil, context.localAddress?.ipAddress != nil {
      return context.close(promise: nil)
    }
    descriptor = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { $0 }
    // What the application starts must not keep its clients' connections open.
    if let descriptor {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      noted = ServerDescriptors.insert(descriptor)
    }
    awaitsProxyHeader = configuration.proxyProtocolPeers?.contains(peer: peer.remoteAddress) ?? false
    awaitRequest()
    loop.add(self)
    // Until a balancer has said whose connection it is, it is one of nobody's, but one of all.
    admit(as: awaitsProxyHeader ? nil : peer.remoteAddress)
  }

  /// Counts the connection against its limits: as one of its client's, once that is known.
  func admit(as client: NetworkAddress?) {
    if let place { loop.server.connectionLimits.remove(place) }
    let (verdict, place) = loop.server.connectionLimits.add(client)
    self.place = place
    switch verdict {
    case .admitted: break
    case .tooManyOfClient:
      loop.server.warnOfLimit(
        "\(peer.name) has more connections than it may (--limit-connections-per-client)"
      )
      reject(HTTPRejection(.tooManyRequests, "too many connections of one client"), isTold: true)
    case .tooMany where loop.closeOldestIdle(): break
    case .tooMany:
      loop.server.warnOfLimit("there are more connections than may be (--limit-connections)")
      reject(HTTPRejection(.serviceUnavailable, "too many connections"), isTold: true)
    }
  }

  /// The last response has been sent: others may have its place.
  ///
  /// - Returns: whether it may stay a while. There are no more of such connections than there may be of others.
  func mayLinger() -> Bool { place.map { loop.server.connectionLimits.linger($0) } ?? true }

  /// Nothing is lost if it is closed.
  var isIdleBetweenRequests: Bool {
    requestsServed > 0 && state.isIdle && parser.isEmpty && input.readableBytes == 0 && unsentBytes == 0
  }

  /// Who has been idle for longest has the earliest one.
  var idleUntil: NIODeadline { deadline?.time ?? .distantFuture }

  /// Something has come that is yet to be read: it would be lost, and the client would see a reset.
  var hasUnreadInput: Bool { descriptor.map { SocketInput.hasBytes($0) } ?? false }

  func channelInactive(context: ChannelHandlerContext) {
    withdrawOutput()
    closeDirectOutput()
    abandonExchange()
    loop.remove(self)
    // The handler outlives its channel for as long as an exchange knows it.
    self.context = nil
    if let noted { ServerDescriptors.remove(noted) }
    if let place { loop.server.connectionLimits.remove(place) }
    place = nil
    (descriptor, noted) = (nil, nil)
    deadline = nil
    isWritable = false
    pendingOutput = nil
    pendingFlow?.release(pendingWeight)
    (pendingWeight, pendingFlow) = (0, nil)
    bodySink = nil
    filePump = nil
    input = ByteBuffer()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A reset, or a write to a client that has gone: the connection is over, nobody else is concerned.
    loop.server.logger.debug("the connection of \(peer.name) has ended: \(reasonText(error))")
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? ChannelEvent, event == .inputClosed else {
      return context.fireUserInboundEventTriggered(event)
    }
    withdrawOutput()
    switch state.endInput() {
    case .close: closeWhenFlushed()
    // A body that was held back, or is being written to disk, may be whole all the same.
    case .wait: processInput()
    }
  }

  /// The exchange ends here, whatever has been done of it.
  func abandonExchange() {
    guard let exchange else { return }
    exchange.cancel()
    finish(exchange, isComplete: false)
  }

  func drain() {
    withdrawOutput()
    // Empty lines are nothing; what waits for the client to take its answers has not been looked at.
    guard state.drain(headHasBegun: !parser.isEmpty || waitsForOutput) else { return }
    if requestsServed > 0, !hasUnreadInput {
      closeWhenFlushed()
    } else {
      // It has just been accepted, and its first request may be on its way; or its next one has come.
      deadline = Deadline(.freshWhileDraining, loop.now + .milliseconds(500))
    }
  }

  /// Has the responses of one delivery flushed together.
  func beginBatch(_ touched: inout [ConnectionHandler]) {
    guard !isBatching else { return }
    isBatching = true
    touched.append(self)
  }

  func endBatch() {
    isBatching = false
    flushIfNeeded()
  }
}
