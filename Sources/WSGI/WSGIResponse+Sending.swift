import HTTPCore
import HTTPServer
import NIOCore
import PythonRuntime

/// Sends what the application returns and writes: the head with the first block that is not empty, then block by block,
/// never further ahead of the client than the server's setting.
///
/// Used by the one Python thread that makes the response.
extension WSGIResponse {
  /// Neither HEAD nor a status without content has anything after the head.
  private var hasNoContent: Bool {
    exchange.head.method == .head || head?.status.allowsBody == false
  }

  /// Nothing that could still be sent would reach anybody.
  var needsNoMore: Bool {
    isOver || exchange.isCancelled || (headIsSent && (hasNoContent || isBeyondItsLength))
  }

  /// It is longer than it said: what comes now would be cut off, for ever perhaps.
  private var isBeyondItsLength: Bool { head?.fields.contentLength.map { sentCount > $0 } ?? false }
}

// MARK: - Whole responses

extension WSGIResponse {
  /// All blocks at once: their length is known, and they are in memory already, so nobody waits for the client.
  func sendAll(_ blocks: borrowing PythonTuple, _ python: Attached) throws(PythonRaised) {
    var total = 0
    for index in 0..<blocks.count { total += try Self.withBlock(blocks[index], python) { $0.count } }
    guard total <= Self.wholeLimit, !headIsSent else {
      return try sendEach(blocks, total: total, python)
    }
    if internalTarget != nil, redirect(try takeHead(python)) { return }
    let declared = head?.fields.contentLength
    if let declared, total < declared, !hasNoContent {
      // Known before anything has gone out, so the client can still be told.
      throw python.raise(
        .assertionError,
        "the response is \(byteText(declared - Int64(total))) shorter than its Content-Length of \(declared)"
      )
    }
    guard bridge.compression == nil else { return try sendCoded(blocks, total: total, python) }
    // Moved, not copied.
    guard var head = head.take() else { throw raiseNotStarted(python) }
    if declared == nil, isKnown(head, total) { head.fields.setContentLength(Int64(total)) }
    if var response = SerializedResponse(head, contentCount: total, for: exchange, date: thread.date) {
      self.head = consume head
      for index in 0..<blocks.count { try Self.withBlock(blocks[index], python) { response.append($0) } }
      (headIsSent, isOver) = (true, true)
      return exchange.post(response)
    }
    self.head = head
    let body = hasNoContent ? ByteBuffer() : try Self.join(blocks, total: total, python)
    (headIsSent, isOver) = (true, true)
    exchange.post(.whole(head, .bytes(body)))
  }

  /// The same where `--compress` has a say.
  private func sendCoded(_ blocks: borrowing PythonTuple, total: Int, _ python: Attached) throws(PythonRaised)
  {
    var head = try takeHead(python)
    if head.fields.contentLength == nil, isKnown(head, total) { head.fields.setContentLength(Int64(total)) }
    var body = hasNoContent ? ByteBuffer() : try Self.join(blocks, total: total, python)
    if let policy = bridge.compression {
      // One that is longer than it said is cut, as it is: nothing of it is to be coded.
      let isLonger = isKnown(head, total) && head.fields.contentLength.map { $0 < total } ?? false
      let size = isLonger ? 0 : head.fields.contentLength
      body = ResponseCoding(policy, for: exchange).code(body, size: size, &head, python)
    }
    (headIsSent, isOver) = (true, true)
    if var response = SerializedResponse(
      head,
      contentCount: body.readableBytes,
      for: exchange,
      date: thread.date
    ) {
      body.withUnsafeReadableBytes { response.append($0) }
      return exchange.post(response)
    }
    exchange.post(.whole(head, .bytes(body)))
  }

  /// Whether that many bytes are the length of what GET would give: an empty answer to HEAD says nothing of it.
  private func isKnown(_ head: borrowing ResponseHead, _ total: Int) -> Bool {
    head.status.allowsBody && (total > 0 || exchange.head.method != .head)
  }

  private static func join(
    _ blocks: borrowing PythonTuple,
    total: Int,
    _ python: Attached
  ) throws(PythonRaised) -> ByteBuffer {
    var body = ByteBuffer()
    body.reserveCapacity(total)
    for index in 0..<blocks.count { _ = try withBlock(blocks[index], python) { body.writeBytes($0) } }
    return body
  }

  /// A copy of more than this would be a burden, and NIO's buffers end at 4 GiB.
  private static let wholeLimit = 256 << 20

  private func sendEach(
    _ blocks: borrowing PythonTuple,
    total: Int,
    _ python: Attached
  ) throws(PythonRaised) {
    if !headIsSent {
      var head = try takeHead(python)
      guard !redirect(head) else { return }
      if head.fields.contentLength == nil { head.fields.setContentLength(Int64(total)) }
      begin(head)
    }
    for index in 0..<blocks.count where !needsNoMore {
      try Self.withBlock(blocks[index], python) { post($0, python) }
    }
    try end(python)
  }

  func send(_ slice: FileSlice, _ python: Attached) throws(PythonRaised) {
    var head = try takeHead(python)
    var slice = slice
    if let declared = head.fields.contentLength {
      slice.count = min(slice.count, declared)
    } else {
      head.fields.setContentLength(slice.count)
    }
    var body = ResponseBody.file(slice)
    if let policy = bridge.compression,
      let coded = ResponseCoding(policy, for: exchange).code(slice, &head, python)
    {
      body = .bytes(coded)
    }
    headIsSent = true
    isOver = true
    exchange.post(.whole(head, body))
  }
}

// MARK: - Streams

extension WSGIResponse {
  /// One block of an iterable. An empty one sends nothing, not even the head (PEP 3333, "Buffering and
  /// Streaming").
  func send(_ block: PythonReference, isOnlyBlock: Bool, _ python: Attached) throws(PythonRaised) {
    try Self.withBlock(block, python) { bytes throws(PythonRaised) in
      guard bytes.count > 0 else { return }
      if !headIsSent {
        var head = try takeHead(python)
        guard !redirect(head) else { return }
        if isOnlyBlock, head.fields.contentLength == nil { head.fields.setContentLength(Int64(bytes.count)) }
        if head.fields.contentLength == Int64(bytes.count), sendWhole(bytes, head, python) { return }
        begin(head)
      }
      if isWholeSent { noteExcess() }
      post(bytes, python)
    }
  }

  /// The first block is all of the content: it goes out with its head as one part, as what is in a list does. The
  /// application is asked for more all the same, until it has come to its end.
  ///
  /// - Returns: false where head and content have to go apart.
  private func sendWhole(_ bytes: UnsafeRawBufferPointer, _ head: ResponseHead, _ python: Attached) -> Bool {
    // With the end of its response an exchange loses its body, of which this application may read on.
    if case .stream = exchange.body { return false }
    guard !hasNoContent, bytes.count <= Self.pieceSize else { return false }
    if let policy = bridge.compression {
      var head = head
      let body = ResponseCoding(policy, for: exchange)
        .code(ByteBuffer(bytes: bytes), size: Int64(bytes.count), &head, python)
      exchange.post(.whole(head, .bytes(body)))
    } else if var response = SerializedResponse(
      head,
      contentCount: bytes.count,
      for: exchange,
      date: thread.date
    ) {
      response.append(bytes)
      exchange.post(response)
    } else {
      return false
    }
    headIsSent = true
    isWholeSent = true
    sentCount = Int64(bytes.count)
    thread.slot.noteProgress()
    return true
  }

  /// The connection does not see what comes behind a whole response.
  private func noteExcess() {
    guard !isBeyondItsLength else { return }
    sentCount += 1
    exchange.logger.warning(
      "\(exchange.title): the response is longer than its Content-Length; the excess was cut"
    )
  }

  func write(_ data: PythonReference, _ python: Attached) throws(PythonRaised) {
    guard !exchange.isCancelled else {
      throw python.raise(.brokenPipe, "the client has closed the connection")
    }
    try Self.withBlock(data, python) { bytes throws(PythonRaised) in
      guard !isOver else { return }
      if !headIsSent {
        let head = try takeHead(python)
        guard !redirect(head) else { return }
        begin(head)
      }
      post(bytes, python)
    }
  }

  /// An informational response ahead of the one to come: nothing once that has begun, and nothing in HTTP/1.0. It waits,
  /// detached, as blocks of a stream do.
  func sendInterim(_ head: ResponseHead, _ python: Attached) {
    guard !headIsSent, !isOver, !exchange.isCancelled, exchange.head.version != .http10 else {
      return
    }
    let part = ResponsePart.interim(head)
    let flow = exchange.flow()
    let hasRoom = flow.add(part.weight)
    exchange.post(part)
    if !hasRoom { python.detached { thread.slot.whileWaiting { flow.waitForRoom() } } }
  }

  /// The application has come to its end.
  func end(_ python: Attached) throws(PythonRaised) {
    guard !isOver else { return }
    if !headIsSent {
      var head = try takeHead(python)
      guard !redirect(head) else { return }
      if let policy = bridge.compression {
        let size = head.fields.contentLength
        _ = ResponseCoding(policy, for: exchange).code(ByteBuffer(), size: size, &head, python)
      }
      headIsSent = true
      isOver = true
      return exchange.post(.whole(head, .none))
    }
    finish()
  }

  /// What was sent is all there is.
  private func finish() {
    isOver = true
    guard !isWholeSent else { return }
    if let coding {
      guard let rest = coding.finish() else { return exchange.post(.fail(.internalServerError)) }
      if rest.readableBytes > 0 {
        _ = flow?.add(rest.readableBytes)
        exchange.post(.data(rest))
      }
    }
    exchange.post(.end)
  }

  /// The application has raised. Unless all that it promised has gone out, the client must see that something is
  /// missing.
  func abort() {
    guard !isOver else { return }
    let isWhole = headIsSent && head?.fields.contentLength.map { sentCount >= $0 } ?? false
    if isWhole { return finish() }
    isOver = true
    exchange.post(.fail(.internalServerError))
  }

  /// Has a file sent in the response's place, if the application asked for that.
  ///
  /// - Returns: whether it did. Whatever else it says is dropped.
  private func redirect(_ head: ResponseHead) -> Bool {
    guard let target = internalTarget else { return false }
    headIsSent = true
    isOver = true
    exchange.post(.redirect(head, target))
    return true
  }

  private func takeHead(_ python: Attached) throws(PythonRaised) -> ResponseHead {
    guard let head else { throw raiseNotStarted(python) }
    return head
  }

  private func raiseNotStarted(_ python: Attached) -> PythonRaised {
    python.raise(
      .assertionError,
      "the application returned a response without having called start_response()"
    )
  }

  private func begin(_ head: ResponseHead) {
    var head = head
    if let policy = bridge.compression {
      let coding = ResponseCoding(policy, for: exchange)
      coding.begin(&head, size: head.fields.contentLength)
      if coding.isCoding { self.coding = coding }
    }
    headIsSent = true
    flow = exchange.flow()
    exchange.post(.head(head))
  }

  /// Hands bytes over, and waits, detached, while the client has too much to read already.
  private func post(_ bytes: UnsafeRawBufferPointer, _ python: Attached) {
    guard !hasNoContent, let flow else { return }
    var rest = bytes
    while !rest.isEmpty, !isOver, !exchange.isCancelled {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceSize))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      guard let data = content(of: piece, isLastOfBlock: rest.isEmpty, python) else {
        isOver = true
        return exchange.post(.fail(.internalServerError))
      }
      sentCount += Int64(piece.count)
      thread.slot.noteProgress()
      guard data.readableBytes > 0 else { continue }
      let hasRoom = flow.add(data.readableBytes)
      exchange.post(.data(data))
      if !hasRoom { python.detached { thread.slot.whileWaiting { flow.waitForRoom() } } }
    }
  }

  /// What goes out for a piece of a block; nil where it can't be coded.
  private func content(
    of piece: UnsafeRawBufferPointer,
    isLastOfBlock: Bool,
    _ python: Attached
  ) -> ByteBuffer? {
    guard let coding else { return ByteBuffer(bytes: piece) }
    return coding.code(piece, isLastOfBlock: isLastOfBlock, python)
  }

  /// A block of any size goes out in pieces of this one, so that what is copied stays bounded.
  private static let pieceSize = 1 << 20

  private static func withBlock<Result>(
    _ block: PythonReference?,
    _ python: Attached,
    _ body: (UnsafeRawBufferPointer) throws(PythonRaised) -> Result
  ) throws(PythonRaised) -> Result {
    guard let block else { throw python.raise(.runtimeError, "a block of the response is missing") }
    guard let result = try block.withBytes(python, body) else {
      throw python.raise(
        .typeError,
        "a response consists of bytes objects; this block is \(block.describe(python))"
      )
    }
    return result
  }
}
