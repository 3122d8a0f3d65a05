import HTTPCore
import NIOCore

/// What is known of the response that is going out.
struct ResponseOutput {
  var framing = ResponseFraming.none
  /// Bytes that a declared length still wants.
  var owed: Int64 = 0
  var status: UInt16?
  var bodyBytes: Int64 = 0
  /// It was longer than it had said.
  var isCut = false
}

extension ResponseOutput {
  /// All of a response that says its length.
  init(whole status: HTTPStatus, contentCount: Int) {
    self.init(framing: .length(Int64(contentCount)), status: status.code, bodyBytes: Int64(contentCount))
  }
}

extension ConnectionHandler {
  /// Carries out one part of a response. A part for an exchange that is over is dropped.
  func perform(_ part: ResponsePart, for exchange: Exchange) {
    withdrawOutput()
    guard exchange === self.exchange, context != nil else {
      return exchange.drop(part)
    }
    switch part {
    case .fail(let status) where state.response == .owed:
      exchange.respond(status, detail: nil)
    case .fail:
      breakOff()
    case .interim(let head):
      writeInterim(head, part.weight, for: exchange)
    case .redirect(let head, let target):
      guard state.response == .owed, let files = loop.server.internalFiles else { return breakOff() }
      files.handle(exchange, target, head)
    case .data(let data):
      writeData(data, for: exchange)
    case .serialized:
      if let response = exchange.takeSerialized() { write(response) }
    case .whole, .head, .end:
      write(part, requestMethod: exchange.head.method, version: exchange.head.version)
    }
    if !isBatching, !isProcessing { flushIfNeeded() }
  }

  /// - Parameters: the request's method and version, which decide the framing.
  func write(_ part: ResponsePart, requestMethod: HTTPMethod, version: HTTPVersion) {
    switch part {
    case .whole(let head, let body):
      guard state.response != .started else { return abort() }
      var head = head
      // An empty answer to HEAD says nothing of the length that GET would give.
      if head.fields.contentLength == nil, head.status.allowsBody, body.count > 0 || requestMethod != .head {
        head.fields.setContentLength(body.count)
      }
      var buffer = startResponse(head, requestMethod: requestMethod, version: version, isWhole: true)
      switch body {
      case _ where output.framing == .none: break
      case .none: break
      case .bytes(var bytes):
        trim(&bytes)
        output.bodyBytes += Int64(bytes.readableBytes)
        output.owed -= Int64(bytes.readableBytes)
        // One write for head and body, unless copying the body would cost more than a second one.
        if bytes.readableBytes <= Self.copyLimit {
          buffer.writeImmutableBuffer(bytes)
        } else {
          write(buffer)
          buffer = bytes
        }
      case .file(let slice):
        write(buffer)
        return send([.file(slice)])
      case .pieces(let pieces):
        write(buffer)
        return send(pieces)
      }
      write(buffer)
      endResponse()
    case .head(let head):
      guard state.response != .started else { return abort() }
      write(startResponse(head, requestMethod: requestMethod, version: version))
    case .end:
      endResponse()
    case .data, .fail, .interim, .redirect, .serialized:
      break
    }
  }

  private func write(_ response: consuming SerializedResponse) {
    guard !response.hasBegun else {
      // Its beginning has been written by the thread that has made it, and noted as such.
      write(response.takeBytes())
      return endResponse()
    }
    guard state.response != .started else { return abort() }
    let keepAlive = state.startResponse(
      canDiscardBody: canDiscardBody,
      endsWithConnection: false,
      isWhole: true
    )
    output = ResponseOutput(whole: response.status, contentCount: response.contentCount)
    if keepAlive == response.keepsAlive {
      write(response.takeBytes())
    } else {
      write(response.closing())
    }
    endResponse()
  }

  private func startResponse(
    _ head: ResponseHead,
    requestMethod: HTTPMethod,
    version: HTTPVersion,
    isWhole: Bool = false
  ) -> ByteBuffer {
    let framing = ResponseFraming.decide(
      requestMethod: requestMethod,
      requestVersion: version,
      status: head.status,
      declaredLength: head.fields.contentLength
    )
    let keepAlive = state.startResponse(
      canDiscardBody: canDiscardBody,
      endsWithConnection: framing == .untilClose,
      isWhole: isWhole
    )
    output = ResponseOutput(framing: framing, status: head.status.code)
    if case .length(let count) = framing { output.owed = count }

    var buffer = ByteBuffer()
    buffer.reserveCapacity(256 + head.fields.bytes.count + Int(min(max(output.owed, 0), 16 << 10)))
    loop.server.headWriter.write(
      head: head,
      framing: framing,
      keepAlive: keepAlive,
      requestVersion: version,
      date: loop.currentDate(),
      into: &buffer
    )
    return buffer
  }

  /// Whether what is unread of the request's body can be dropped for less than a new connection would cost. How much that
  /// is, is not known of a chunked one: it is dropped as long as it stays within the bound.
  var canDiscardBody: Bool {
    bodyReader?.remaining.map { $0 <= ServerConfiguration.discardLimit } ?? true
  }

  /// HTTP/1.0 knows no informational responses (RFC 9110, section 15.2).
  private func writeInterim(_ head: ResponseHead, _ weight: Int, for exchange: Exchange) {
    guard state.response == .owed, exchange.head.version != .http10 else {
      return exchange.release(weight)
    }
    var buffer = ByteBuffer()
    loop.server.headWriter.write(
      head: head,
      framing: .none,
      keepAlive: true,
      requestVersion: exchange.head.version,
      date: loop.currentDate(),
      into: &buffer
    )
    write(buffer)
    release(weight, of: exchange)
  }

  func writeContinue() {
    var buffer = ByteBuffer()
    ResponseHeadWriter.writeContinue(into: &buffer)
    write(buffer)
    if !isProcessing { flushIfNeeded() }
  }

  func write(_ buffer: consuming ByteBuffer) {
    let count = buffer.readableBytes
    countQueued(count)
    needsFlush = true
    if pendingOutput == nil {
      pendingOutput = buffer
    } else if pendingCount + count <= Self.joinLimit {
      // What is sent together is best written together: answers to pipelined requests, small pieces of a stream.
      pendingOutput?.writeImmutableBuffer(buffer)
    } else {
      writeDirectly(more: true)
      passOutput()
      pendingOutput = buffer
    }
  }

  /// Up to here, copying costs less than writing apart.
  private static let joinLimit = 64 << 10

  private var pendingCount: Int { pendingOutput?.readableBytes ?? 0 }

  /// Has the exchange's flow relieved of this weight as soon as the kernel has all that was written so far.
  private func release(_ weight: Int, of exchange: Exchange) {
    if pendingFlow !== exchange {
      // The one before is over, and nobody waits for it.
      pendingFlow?.release(pendingWeight)
      (pendingWeight, pendingFlow) = (0, exchange)
    }
    pendingWeight += weight
  }

  /// Notes bytes on their way to the client, for the send time-out.
  func countQueued(_ count: Int) {
    queuedBytes += count
    hasOutstandingOutput = true
  }
}

// MARK: - To the socket

extension ConnectionHandler {
  func flushIfNeeded() {
    guard needsFlush else { return }
    needsFlush = false
    writeDirectly()
    guard pendingOutput != nil || channelHasOutput else { return }
    passOutput()
    context?.flush()
  }

  /// Gives the channel what has been put together; it is not flushed.
  func passOutput() {
    guard let buffer = pendingOutput else { return }
    pendingOutput = nil
    channelHasOutput = true
    context?.write(wrapOutboundOut(.byteBuffer(buffer)), promise: takePendingRelease())
  }

  /// Writes to the socket itself, as long as the channel holds nothing that would have to go first: nearly every response
  /// goes out whole at once, and the channel's own way of a write costs a third of what a small request costs in all.
  ///
  /// What the kernel has no room for stays for the channel. So does an error: the channel's own write fails as well, and
  /// ends the connection.
  ///
  /// - Parameter more: Others follow at once: the kernel is to wait for them, so that they share a packet.
  func writeDirectly(more: Bool = false) {
    guard let descriptor, channelIsFree(), var buffer = pendingOutput else { return }
    let count = buffer.withUnsafeReadableBytes { SocketOutput.send($0, to: descriptor, more: more) }
    guard count > 0 else { return }
    buffer.moveReaderIndex(forwardBy: count)
    guard buffer.readableBytes == 0 else {
      pendingOutput = buffer
      return
    }
    pendingOutput = nil
    guard pendingWeight > 0 else { return }
    pendingFlow?.release(pendingWeight)
    (pendingWeight, pendingFlow) = (0, nil)
  }

  /// Whether nothing is in the channel that would have to go out first.
  func channelIsFree() -> Bool {
    if channelHasOutput { channelHasOutput = unsentBytes > 0 }
    return !channelHasOutput
  }

  private func takePendingRelease() -> EventLoopPromise<Void>? {
    guard pendingWeight > 0, let exchange = pendingFlow, let context else { return nil }
    let weight = pendingWeight
    (pendingWeight, pendingFlow) = (0, nil)
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenComplete { _ in exchange.release(weight) }
    return promise
  }
}

// MARK: - Streams

extension ConnectionHandler {
  private func writeData(_ data: ByteBuffer, for exchange: Exchange) {
    let count = data.readableBytes
    var data = data
    if case .length = output.framing { trim(&data) }
    guard state.response == .started, output.framing != .none, data.readableBytes > 0 else {
      return exchange.release(count)
    }
    output.bodyBytes += Int64(data.readableBytes)
    output.owed -= Int64(data.readableBytes)
    if output.framing == .chunked {
      var framed = ByteBuffer()
      framed.reserveCapacity(24 + (data.readableBytes <= Self.copyLimit ? data.readableBytes : 0))
      ChunkEncoding.writeHeader(forCount: data.readableBytes, into: &framed)
      if data.readableBytes <= Self.copyLimit {
        framed.writeImmutableBuffer(data)
        framed.writeStaticString(ChunkEncoding.chunkEnd)
        write(framed)
      } else {
        write(framed)
        write(data)
        write(ByteBuffer(staticString: ChunkEncoding.chunkEnd))
      }
    } else {
      write(data)
    }
    release(count, of: exchange)
  }

  /// Bytes of content that are copied behind what frames them, instead of being written apart.
  private static let copyLimit = 16 << 10

  /// Cuts what goes beyond the declared length: it would be read as the next response.
  private func trim(_ data: inout ByteBuffer) {
    guard Int64(data.readableBytes) > output.owed else { return }
    if let exchange, !output.isCut {
      output.isCut = true
      loop.server.logger.warning(
        "\(exchange.title): the response is longer than its Content-Length; the excess was cut"
      )
    }
    data = data.getSlice(at: data.readerIndex, length: Int(max(output.owed, 0))) ?? ByteBuffer()
  }

  func endResponse() {
    guard let exchange else {
      return  // the answer to a rejected head
    }
    if case .length = output.framing, output.owed > 0 {
      loop.server.logger.warning(
        "\(exchange.title): the response is \(byteText(output.owed)) shorter than its Content-Length"
      )
      return breakOff()
    }
    if output.framing == .chunked { write(ByteBuffer(staticString: ChunkEncoding.lastChunk)) }
    finish(exchange, isComplete: true)
    switch state.endResponse(canDiscardBody: canDiscardBody) {
    case .nextRequest:
      awaitRequest()
      processInput()
    case .discardBody:
      bodyRate.begin(at: loop.now)
      bodyDeadline()
      processInput()
    case .linger:
      linger()
    }
  }

  /// The exchange is over, for whoever made it and for the log.
  func finish(_ exchange: Exchange, isComplete: Bool) {
    self.exchange = nil
    bodySink?.cancel()
    bodySink = nil
    exchange.connection = nil
    exchange.bodyReceiver = nil
    exchange.markFinished()
    loop.server.observer?.exchangeEnded(
      exchange,
      ExchangeResult(status: output.status, bodyBytes: output.bodyBytes, isComplete: isComplete)
    )
    output = ResponseOutput()
  }
}
