import ContentCoding
import HTTPCore
import HTTPServer
import NIOCore
import PythonRuntime

/// The content coding of one response of an application (`--compress`).
///
/// Used by the one Python thread that makes the response: event loops never compress. There are as many encoders as
/// Python threads at most.
final class ResponseCoding {
  private let policy: CompressionPolicy
  private let accepted: AcceptedCodings
  private let exchange: Exchange

  /// Of a response that goes out block by block in a coding.
  private var encoder: ContentEncoder?
  /// An application may hand `write()` to other threads of its own: one codes at a time.
  private let encoding = Monitor(())
  /// How much content the application still owes by its own `Content-Length`, which is not that of what goes out.
  private var owed: Int64?

  init(_ policy: CompressionPolicy, for exchange: Exchange) {
    self.policy = policy
    self.exchange = exchange
    accepted = exchange.headBytes.withUnsafeReadableBytes { AcceptedCodings(exchange.head, $0.bytes) }
  }

  private func decide(_ head: ResponseHead, size: Int64?) -> CompressionPolicy.Decision {
    let decision = policy.decide(head, accepted, size: size)
    guard case .coded = decision else { return decision }
    if isOfUnknownSize(head, size) { return .identity }
    // Which type a 304 is of it seldom says. But a client that names a strong tag has got it with content that was not
    // coded, and would lose its ranges by a weak one.
    if head.status == .notModified,
      exchange.headBytes.withUnsafeReadableBytes({ head.hasTag(namedBy: exchange.head, $0.bytes) })
    {
      return .identity
    }
    return decision
  }

  /// Whether GET would get it coded depends on a size that HEAD does not say.
  private func isOfUnknownSize(_ head: ResponseHead, _ size: Int64?) -> Bool {
    size == nil && exchange.head.method == .head && head.status.allowsBody
  }

  private func describeIdentity(_ head: inout ResponseHead, size: Int64?) {
    var mayBeCoded = false
    if isOfUnknownSize(head, size), case .coded = policy.decide(head, accepted, size: size) {
      mayBeCoded = true
    }
    head.varyByEncoding(weakensTag: mayBeCoded)
  }

  /// Content beyond this is coded without the GIL: it takes longer than getting the GIL back does.
  private static let longPiece = 16 << 10

  private static func detachedIfLong<Result: ~Copyable>(
    _ count: Int,
    _ python: Attached,
    _ body: () -> Result
  ) -> Result {
    count > longPiece ? python.detached(body) : body()
  }
}

// MARK: - Whole content

extension ResponseCoding {
  /// Codes content that is known as a whole, and makes the head fit.
  ///
  /// - Parameter size: Of the content that GET would get, in bytes; nil where an answer to HEAD doesn't say.
  /// - Returns: what goes out.
  func code(_ body: ByteBuffer, size: Int64?, _ head: inout ResponseHead, _ python: Attached) -> ByteBuffer {
    switch decide(head, size: size) {
    case .untouched: return body
    case .identity: break
    case .coded(let offer) where exchange.head.method == .head || !head.status.allowsBody:
      head.apply(offer.coding)
      return body
    case .coded(let offer):
      let coded = Self.detachedIfLong(body.readableBytes, python) { Self.code(body, offer) }
      guard let coded, coded.readableBytes < body.readableBytes else { break }
      head.apply(offer.coding)
      head.fields.setContentLength(Int64(coded.readableBytes))
      return coded
    }
    describeIdentity(&head, size: size)
    return body
  }

  /// The same of a file that the application has opened, if it is small enough to be coded at once: the rest is the
  /// kernel's to send, as it is.
  ///
  /// - Returns: nil where the file itself goes out.
  func code(_ slice: FileSlice, _ head: inout ResponseHead, _ python: Attached) -> ByteBuffer? {
    guard slice.count <= Self.largestFile, exchange.head.method != .head,
      case .coded = decide(head, size: slice.count)
    else {
      // What is not coded for its size or its method varies all the same: it might become smaller.
      if decide(head, size: slice.count) != .untouched { head.varyByEncoding() }
      return nil
    }
    guard let contents = python.detached({ slice.read(mayWait: true) }) else { return nil }
    return code(contents, size: slice.count, &head, python)
  }

  private static let largestFile: Int64 = 1 << 20

  /// Nil where the compressor had no memory.
  private static func code(_ body: ByteBuffer, _ offer: CompressionPolicy.Offer) -> ByteBuffer? {
    var output = ByteBuffer()
    output.reserveCapacity(body.readableBytes / 4)
    do throws(EncoderFault) {
      let encoder = try ContentEncoder(offer.coding, level: offer.level, size: body.readableBytes)
      try body.withUnsafeReadableBytes { bytes throws(EncoderFault) in
        try encoder.encode(bytes, .finish, into: &output)
      }
      return output
    } catch {
      return nil
    }
  }
}

// MARK: - Streams

extension ResponseCoding {
  /// Decides of a response that goes out block by block, and makes its head fit.
  ///
  /// - Parameter size: Of its content, where it is known.
  func begin(_ head: inout ResponseHead, size: Int64?) {
    switch decide(head, size: size) {
    case .untouched: return
    case .coded(let offer) where exchange.head.method == .head || !head.status.allowsBody:
      return head.apply(offer.coding)
    case .coded(let offer):
      guard let encoder = try? ContentEncoder(offer.coding, level: offer.level) else { break }
      self.encoder = encoder
      owed = head.fields.contentLength
      return head.apply(offer.coding)
    case .identity: break
    }
    describeIdentity(&head, size: size)
  }

  var isCoding: Bool { encoder != nil }

  /// Codes a piece of a block. With its last piece a block is flushed: PEP 3333 has it sent before the next is asked for.
  ///
  /// - Returns: nil where the response can't go on.
  func code(_ piece: UnsafeRawBufferPointer, isLastOfBlock: Bool, _ python: Attached) -> ByteBuffer? {
    var piece = piece
    if let owed {
      if Int64(piece.count) > owed {
        exchange.logger.warning(
          "\(exchange.title): the response is longer than its Content-Length; the excess was cut"
        )
        piece = UnsafeRawBufferPointer(rebasing: piece.prefix(Int(owed)))
      }
      self.owed = owed - Int64(piece.count)
    }
    return Self.detachedIfLong(piece.count, python) { encode(piece, isLastOfBlock ? .flush : .write) }
  }

  /// The end of the coded form.
  ///
  /// - Returns: nil where the response must not look complete.
  func finish() -> ByteBuffer? {
    if let owed, owed > 0 {
      exchange.logger.warning(
        "\(exchange.title): the response is \(byteText(owed)) shorter than its Content-Length"
      )
      return nil
    }
    return encode(UnsafeRawBufferPointer(start: nil, count: 0), .finish)
  }

  private func encode(_ bytes: UnsafeRawBufferPointer, _ operation: EncoderOperation) -> ByteBuffer? {
    var output = ByteBuffer()
    do throws(EncoderFault) {
      // Whoever has the lock needs no GIL to let go of it.
      try encoding.withLock { _ throws(EncoderFault) in try encoder?.encode(bytes, operation, into: &output) }
      return output
    } catch {
      exchange.logger.error("\(exchange.title): there is no memory to compress the response")
      return nil
    }
  }
}
