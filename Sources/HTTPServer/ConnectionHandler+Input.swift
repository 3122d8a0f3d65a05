import HTTPCore
import NIOCore

extension ConnectionHandler {
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    loop.noteRead()
    withdrawOutput()
    guard state.request != .closed else { return }
    let received = unwrapInboundIn(data)
    append(received)
    processInput()
  }

  private func append(_ received: ByteBuffer) {
    guard input.readableBytes > 0 else {
      input = received
      return
    }
    if input.readerIndex > 0 {
      // Appending alone would keep every byte that was ever read in front of these, for as long as a client sees to it
      // that something is always left over.
      var compact = ByteBuffer()
      compact.reserveCapacity(input.readableBytes + received.readableBytes)
      compact.writeImmutableBuffer(input)
      input = compact
    }
    input.writeImmutableBuffer(received)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    if isWritable { processInput() }
  }

  /// The channel reads by itself; it is kept from it while what comes has no place to go.
  func holdOrResumeReading() {
    let mustHold = !canTakeInput
    guard readIsHeld != mustHold, let context else { return }
    readIsHeld = mustHold
    try? context.channel.syncOptions?.setOption(.autoRead, value: !mustHold)
  }

  private var canTakeInput: Bool {
    switch state.request {
    case .head: input.readableBytes < configuration.pipelineBuffer || isWritable
    case .closed, .body(.discard): true
    case .body(.collect), .body(.stream): bodySink?.isBusy != true
    case .body(.held), .complete: input.readableBytes < configuration.pipelineBuffer
    }
  }

  /// Uses up what has been received, as far as the state allows.
  func processInput() {
    guard !isProcessing else { return }
    isProcessing = true
    defer { isProcessing = false }

    repeat {
      waitsForOutput = false
      while context != nil, step() {}
      if input.readableBytes == 0, input.capacity > 0 { input = ByteBuffer() }
      flushIfNeeded()
      // The flush itself may have made room: nobody will say so later.
    } while waitsForOutput && isWritable
    // What a client had sent before it half-closed has been answered.
    if state.isIdle, state.inputHasEnded, isWritable { linger() }
    holdOrResumeReading()
  }

  /// - Returns: whether something has changed, so that another step may do more.
  private func step() -> Bool {
    switch state.request {
    case .head: parseHead()
    case .body(.collect), .body(.stream): bodySink?.isBusy != true && readBody()
    case .body(.discard): readBody()
    case .body(.held), .complete: false
    case .closed: dropInput()
    }
  }

  private func dropInput() -> Bool {
    input = ByteBuffer()
    return false
  }
}

// MARK: - Heads

extension ConnectionHandler {
  /// Waits for the next request, or for the connection's first.
  func awaitRequest() {
    if requestsServed == 0 {
      deadline = Deadline(.head, loop.now + configuration.headerTimeout)
    } else {
      deadline = Deadline(.idle, loop.now + configuration.keepAlive)
    }
  }

  private func parseHead() -> Bool {
    guard input.readableBytes > 0 else { return false }
    guard isWritable else {
      waitsForOutput = true
      return false
    }
    guard !awaitsProxyHeader else { return parseProxyHeader() }
    let (outcome, isNew) = Self.parse(&parser, &input, loop)
    switch outcome {
    case .needMore:
      // That of the first one began with the connection.
      if isNew, !parser.isEmpty, requestsServed > 0 || deadline?.purpose == .freshWhileDraining {
        deadline = Deadline(.head, loop.now + configuration.headerTimeout)
      }
      return false
    case .rejected(let rejection):
      reject(rejection)
      return false
    case .complete(let length):
      if joinsRound(length) { return false }
      guard let bytes = input.readSlice(length: length) else { return false }
      let head = parser.takeHead()
      if let rejection = rejection(of: head, bytes) {
        reject(rejection, head: bytes)
        return false
      }
      beginExchange(head, bytes)
      return true
    }
  }

  /// Takes by reference what would be copied otherwise.
  ///
  /// - Returns: also whether nothing of this head had been parsed before.
  static func parse(
    _ parser: inout RequestHeadParser,
    _ input: inout ByteBuffer,
    _ loop: LoopContext
  ) -> (outcome: RequestHeadParser.Outcome, isNew: Bool) {
    let isNew = parser.isEmpty
    if isNew, let table = loop.takeTable() { parser.lendTable(table) }
    return (input.withUnsafeReadableBytes { parser.parse($0.bytes) }, isNew)
  }

  /// Why a head that is well-formed is refused all the same.
  private func rejection(of head: RequestHead, _ bytes: ByteBuffer) -> HTTPRejection? {
    if isMisdirected(head, bytes) {
      return HTTPRejection(.misdirectedRequest, "an https target on a connection that is not encrypted")
    }
    if configuration.underscoredNames == .refuse, head.hasUnderscoredName(in: bytes.readableBytesSpan) {
      return HTTPRejection(.badRequest, "an underscore in the name of a header field (--header-map)")
    }
    return nil
  }

  /// An `https` resource is for encrypted connections alone, unless a trusted proxy vouches for its client's (RFC 9110,
  /// section 7.4).
  private func isMisdirected(_ head: RequestHead, _ bytes: ByteBuffer) -> Bool {
    guard head.targetForm == .absolute,
      bytes.readableBytesSpan.equalsIgnoringCase(head.targetSpan.range.prefix(6), "https:")
    else { return false }
    return !configuration.trustedProxies.contains(peer: peer.remoteAddress)
  }

  /// - Returns: whether there was a whole one.
  private func parseProxyHeader() -> Bool {
    switch input.withUnsafeReadableBytes({ ProxyHeader.parse($0.bytes) }) {
    case .needMore: return false
    case .complete(let header, let length):
      input.moveReaderIndex(forwardBy: length)
      awaitsProxyHeader = false
      if case .proxied(let source, let destination) = header {
        peer = Peer(source: source, destination: destination)
      }
      admit(as: peer.remoteAddress)
      return true
    case .malformed:
      loop.server.logger.warning(
        "\(peer.name) began its connection without a header of the PROXY protocol (--proxy-protocol): closed"
      )
      input = ByteBuffer()
      abort()
      return false
    }
  }

  /// What a proxy says of the request, if it may.
  private func forwarded(_ head: RequestHead, _ bytes: ByteBuffer) -> ForwardedRequest? {
    guard head.fields.contains(where: { $0.known.isForwarding }) else { return nil }
    guard configuration.trustedProxies.contains(peer: peer.remoteAddress) else {
      loop.server.warnOfForwarding(by: peer)
      return nil
    }
    return ForwardedRequest(head, bytes.readableBytesSpan, proxies: configuration.trustedProxies)
  }

  private func beginExchange(_ head: consuming RequestHead, _ bytes: consuming ByteBuffer) {
    deadline = nil
    requestsServed += 1
    bodySink = nil
    bodyReader = BodyReader(head.framing, limits: configuration.limits)
    discardedBytes = 0
    state.receivedHead(
      hasBody: bodyReader != nil,
      isPersistent: head.isPersistent && configuration.keepAlive > .zero
        && requestsServed < configuration.requestsPerConnection,
      expectsContinue: head.expectsContinue
    )
    let forwarded = forwarded(head, bytes)
    let exchange = Exchange(
      sequence: loop.server.nextSequence(),
      head: head,
      headBytes: bytes,
      peer: peer,
      forwarded: forwarded,
      // Only the log wants to know it to the microsecond.
      started: loop.server.observer == nil ? loop.now : .now(),
      loop: loop,
      connection: self
    )
    self.exchange = exchange
    loop.server.dispatch(exchange)
  }
}

// MARK: - What is no request

extension ConnectionHandler {
  /// Answers with the rejection's status and closes; nothing more is parsed (RFC 9112, section 2.2).
  ///
  /// - Parameters:
  ///   - head: the bytes it is about, where they have been taken off the input.
  ///   - isTold: the log says so in other words.
  func reject(_ rejection: HTTPRejection, head: ByteBuffer? = nil, isTold: Bool = false) {
    let action = state.reject()
    if !isTold, action == .answer || action == .abort {
      loop.server.rejections.note(rejection, of: peer, on: loop.eventLoop)
    } else {
      loop.server.rejections.noteQuietly(rejection, of: peer)
    }
    switch action {
    case .nothing: return
    case .abort: abort()
    case .linger: linger()
    case .answer:
      // First, so that what its reader raises is known to be no fault of its own.
      exchange?.cancel()
      bodySink?.cancel()
      bodySink = nil
      var answer = ResponseHead.page(rejection.status)
      // Of too many connections, for one. When another may come is not known.
      if rejection.status == .tooManyRequests {
        answer.fields.append(name: "Retry-After", value: ServerConfiguration.retryAfter)
      }
      let page = ResponsePart.whole(answer, .bytes(.page(rejection.status)))
      if let exchange {
        write(page, requestMethod: exchange.head.method, version: exchange.head.version)
      } else {
        loop.server.observer?.requestRejected(
          RejectedRequest(peer: peer, rejection: rejection, input: head ?? input)
        )
        write(page, requestMethod: .other, version: .http11)
        linger()
      }
    }
    input = ByteBuffer()
  }
}
