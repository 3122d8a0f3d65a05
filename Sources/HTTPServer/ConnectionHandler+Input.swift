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

// MARK: - Bodies

extension ConnectionHandler {
  func collectBody(for exchange: Exchange) {
    guard exchange === self.exchange else { return }
    switch state.collectBody(bodyHasBegun: input.readableBytes > 0) {
    case .deliver: deliverBody()
    case .unavailable: exchange.bodyReceiver = nil
    case .read(let sendContinue):
      if let body = takeReceivedBody() {
        exchange.body = body
        deliverBody()
        return processInput()
      }
      if sendContinue { writeContinue() }
      bodySink = BodyCollector(
        loop: loop,
        resume: { [weak self] in self?.processInput() },
        completion: { [weak self] in self?.bodyCollected($0) }
      )
      bodyRate.begin(at: loop.now)
      bodyDeadline()
      processInput()
    }
  }

  /// A body that has come with its head, and needs nobody to collect it.
  private func takeReceivedBody() -> RequestBody? {
    guard let count = bodyReader?.remaining, count <= Int64(configuration.bodyBuffer),
      Int64(input.readableBytes) >= count, let body = input.readSlice(length: Int(count))
    else { return nil }
    bodyReader = nil
    _ = state.receivedBodyEnd()
    return .memory(body)
  }

  func streamBody(for exchange: Exchange) {
    guard exchange === self.exchange, bodyReader != nil else { return }
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    // The exchange has the stream: weak, or neither would ever go.
    let stream = BodyStream(
      limit: configuration.bodyBuffer,
      loop: loop.eventLoop,
      begin: { [weak exchange] in exchange.map { bound.value.beginStream(for: $0) } },
      resume: { [weak exchange] in exchange.map { bound.value.resumeStream(for: $0) } }
    )
    exchange.body = .stream(stream)
    bodySink = stream
    // What does not have to be asked for is read ahead.
    if !state.continueDue { beginStream(for: exchange) }
  }

  private func beginStream(for exchange: Exchange) {
    guard exchange === self.exchange, state.request != .closed else {
      // It was answered without the body, and the client has not been asked for it.
      if case .stream(let stream) = exchange.body { stream.cancel() }
      return
    }
    guard state.request == .body(.held) else { return }
    guard case .read(let sendContinue) = state.collectBody(bodyHasBegun: input.readableBytes > 0, as: .stream)
    else { return }
    if sendContinue { writeContinue() }
    bodyRate.begin(at: loop.now)
    bodyDeadline()
    processInput()
  }

  private func resumeStream(for exchange: Exchange) {
    guard exchange === self.exchange else { return }
    bodyDeadline()
    processInput()
  }

  /// A client has this long to go on with its body. While it is being answered it may wait for that instead.
  func bodyDeadline() {
    guard state.response != .started || state.request == .body(.stream) else { return }
    deadline = Deadline(.body, loop.now + configuration.bodyTimeout)
  }

  private func readBody() -> Bool {
    guard var reader = bodyReader else { return false }
    let event = reader.next(from: &input)
    bodyReader = reader
    switch event {
    case .needMore:
      if state.inputHasEnded {
        reject(HTTPRejection(.badRequest, "the body ends before its framing says so"))
      }
      return false
    case .data(let data):
      bodyDeadline()
      bodyRate.add(data.readableBytes)
      bodySink?.append(data)
      return state.request != .body(.discard) || discard(data.readableBytes)
    case .rejected(let rejection):
      reject(rejection)
      return false
    case .end:
      if deadline?.purpose == .body { deadline = nil }
      bodyRate.pause()
      bodyReader = nil
      switch state.receivedBodyEnd() {
      case .deliver: bodySink?.finish()
      case .nextRequest: awaitRequest()
      case .linger: linger()
      case .nothing: break
      }
      return true
    }
  }

  /// - Returns: whether more of it may come.
  private func discard(_ count: Int) -> Bool {
    discardedBytes += Int64(count)
    guard discardedBytes > ServerConfiguration.discardLimit else { return true }
    reject(HTTPRejection(.contentTooLarge, "what was left of an unread body is too much"))
    return false
  }

  private func bodyCollected(_ result: Result<RequestBody, SpoolError>) {
    bodySink = nil
    guard let exchange else { return }
    switch result {
    case .success(let body):
      exchange.body = body
      deliverBody()
    case .failure(let error):
      loop.server.logger.error("\(exchange.title): \(error)")
      exchange.bodyReceiver = nil
      exchange.respond(.insufficientStorage, detail: "The request's body could not be stored.")
    }
    processInput()
  }

  private func deliverBody() {
    deadline = nil
    guard let exchange, let receiver = exchange.bodyReceiver else { return }
    exchange.bodyReceiver = nil
    receiver(exchange)
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
