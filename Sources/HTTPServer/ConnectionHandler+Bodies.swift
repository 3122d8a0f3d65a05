import HTTPCore
import NIOCore

/// The bodies of requests: collected, streamed, or read and dropped.
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

  func readBody() -> Bool {
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
