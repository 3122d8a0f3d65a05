import HTTPCore
import HTTPServer
import NIOCore
import PythonRuntime

/// Sends what an application returns and writes: the head with the first block that is not empty, then block by
/// block, never further ahead of the client than the server's setting.
///
/// Used by the one Python thread that makes the response.
final class ResponseSender {
  private let exchange: Exchange
  private var flow: ResponseFlow?
  private var isOver = false

  private(set) lazy var startResponse = StartResponse(for: self)

  init(_ exchange: Exchange) {
    self.exchange = exchange
  }

  /// Neither HEAD nor a status without content has anything after the head.
  private var hasNoContent: Bool {
    exchange.head.method == .head || startResponse.head?.status.allowsBody == false
  }

  /// Nothing that could still be sent would reach anybody.
  var needsNoMore: Bool { exchange.isCancelled || (startResponse.headIsSent && hasNoContent) }

  /// The response came to its end because its client went away.
  var isClientGone: Bool { exchange.isCancelled }
}

// MARK: - Whole responses

extension ResponseSender {
  /// All blocks at once: their length is known, and they are in memory already, so nobody waits for the client.
  func sendAll(_ blocks: borrowing PythonTuple, _ python: Attached) throws(PythonRaised) {
    var total = 0
    for index in 0..<blocks.count { total += try Self.withBlock(blocks[index], python) { $0.count } }
    guard total <= Self.wholeLimit else { return try sendEach(blocks, total: total, python) }
    var body = ByteBuffer()
    if !hasNoContent { body.reserveCapacity(total) }
    for index in 0..<blocks.count where !hasNoContent {
      _ = try Self.withBlock(blocks[index], python) { body.writeBytes($0) }
    }
    guard !startResponse.headIsSent else {
      // Something has gone out through write() before.
      body.withUnsafeReadableBytes { post($0, python) }
      return try end(python)
    }
    var head = try takeHead(python)
    if let declared = head.fields.contentLength, total < declared, !hasNoContent {
      // Known before anything has gone out, so the client can still be told.
      throw python.raise(
        .assertionError,
        "the response is \(declared - Int64(total)) bytes shorter than its Content-Length of \(declared)"
      )
    }
    // An empty answer to HEAD says nothing of what GET would give.
    if head.fields.contentLength == nil, head.status.allowsBody, total > 0 || exchange.head.method != .head {
      head.fields.setContentLength(Int64(total))
    }
    startResponse.headIsSent = true
    isOver = true
    exchange.post(.whole(head, .bytes(body)))
  }

  /// A copy of more than this would be a burden, and NIO's buffers end at 4 GiB.
  private static let wholeLimit = 256 << 20

  private func sendEach(
    _ blocks: borrowing PythonTuple,
    total: Int,
    _ python: Attached
  ) throws(PythonRaised) {
    if !startResponse.headIsSent {
      var head = try takeHead(python)
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
    startResponse.headIsSent = true
    isOver = true
    exchange.post(.whole(head, .file(slice)))
  }
}

// MARK: - Streams

extension ResponseSender {
  /// One block of an iterable. An empty one sends nothing, not even the head (PEP 3333, "Buffering and
  /// Streaming").
  func send(_ block: PythonReference, isOnlyBlock: Bool, _ python: Attached) throws(PythonRaised) {
    try Self.withBlock(block, python) { bytes throws(PythonRaised) in
      guard bytes.count > 0 else { return }
      if !startResponse.headIsSent {
        var head = try takeHead(python)
        if isOnlyBlock, head.fields.contentLength == nil { head.fields.setContentLength(Int64(bytes.count)) }
        begin(head)
      }
      post(bytes, python)
    }
  }

  func write(_ data: PythonReference, _ python: Attached) throws(PythonRaised) {
    guard !isOver else {
      throw python.raise(.runtimeError, "write() was called after the response had ended")
    }
    guard !exchange.isCancelled else {
      throw python.raise(.brokenPipe, "the client has closed the connection")
    }
    try Self.withBlock(data, python) { bytes throws(PythonRaised) in
      if !startResponse.headIsSent { begin(try takeHead(python)) }
      post(bytes, python)
    }
  }

  /// The application has come to its end.
  func end(_ python: Attached) throws(PythonRaised) {
    guard !isOver else { return }
    if !startResponse.headIsSent {
      let head = try takeHead(python)
      startResponse.headIsSent = true
      isOver = true
      return exchange.post(.whole(head, .none))
    }
    isOver = true
    exchange.post(.end)
  }

  /// The response can't be completed.
  func abort() {
    guard !isOver else { return }
    isOver = true
    exchange.post(.abort)
  }

  private func takeHead(_ python: Attached) throws(PythonRaised) -> ResponseHead {
    guard let head = startResponse.head else {
      throw python.raise(
        .assertionError,
        "the application returned a response without having called start_response()"
      )
    }
    return head
  }

  private func begin(_ head: ResponseHead) {
    startResponse.headIsSent = true
    flow = exchange.flow()
    exchange.post(.head(head))
  }

  /// Hands bytes over, and waits, detached, while the client has too much to read already.
  private func post(_ bytes: UnsafeRawBufferPointer, _ python: Attached) {
    guard !hasNoContent, let flow else { return }
    var rest = bytes
    while !rest.isEmpty, !exchange.isCancelled {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceSize))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      let hasRoom = flow.add(piece.count)
      exchange.post(.data(ByteBuffer(bytes: piece)))
      if !hasRoom { python.detached { flow.waitForRoom() } }
    }
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
