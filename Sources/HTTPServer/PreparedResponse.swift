import HTTPCore
import NIOCore

/// A response of 200 that goes out many times: all of its head but the lines that differ from time to time, and its
/// content, in one piece of memory.
package final class PreparedResponse: Sendable {
  /// The content in its coding.
  package let content: ByteBuffer
  /// Field lines, the empty line and, where it is short, the content.
  let bytes: ByteBuffer
  let headCount: Int

  /// How much content is kept beside its head, and copied with it: beyond, a second write costs less.
  static let copyLimit = 16 << 10

  /// Content that waits for a head to be put before it.
  package convenience init(_ content: ByteBuffer) {
    self.init(content: content, bytes: ByteBuffer(), headCount: 0)
  }

  private init(content: ByteBuffer, bytes: ByteBuffer, headCount: Int) {
    self.content = content
    self.bytes = bytes
    self.headCount = headCount
  }

  /// What it takes in memory: buffers are larger than what is in them.
  package var byteCount: Int { bytes.storageCapacity + (isInOnePiece ? 0 : content.storageCapacity) }

  var isInOnePiece: Bool { bytes.readableBytes > headCount || content.readableBytes == 0 }
}

extension PreparedResponse {
  /// - Parameters:
  ///   - fields: All that it has, but for its length.
  ///   - writer: Of the server that will send it.
  package convenience init(_ fields: HeaderBlock, _ content: ByteBuffer, _ writer: ResponseHeadWriter) {
    var bytes = ByteBuffer()
    let isShort = content.readableBytes <= Self.copyLimit
    bytes.reserveCapacity(fields.bytes.count + 128 + (isShort ? content.readableBytes : 0))
    writer.prepare(fields, length: Int64(content.readableBytes), into: &bytes)
    let headCount = bytes.readableBytes
    guard isShort else {
      self.init(content: content, bytes: bytes, headCount: headCount)
      return
    }
    bytes.writeImmutableBuffer(content)
    let kept = bytes.getSlice(at: bytes.readerIndex + headCount, length: content.readableBytes)
    self.init(content: kept ?? content, bytes: bytes, headCount: headCount)
  }
}

extension Exchange {
  /// What writes the heads of this server's responses.
  package var headWriter: ResponseHeadWriter { loop.server.headWriter }

  /// Answers GET or HEAD with a prepared response.
  package func respond(_ prepared: PreparedResponse) {
    loop.noteOwnAnswer()
    connection?.send(prepared, for: self)
  }
}

extension ConnectionHandler {
  /// Sends a prepared response: one write, unless its content is long.
  func send(_ prepared: PreparedResponse, for exchange: Exchange) {
    guard exchange === self.exchange, context != nil else { return }
    guard state.response != .started else { return abort() }
    let keepAlive = state.startResponse(canDiscardBody: canDiscardBody, endsWithConnection: false)
    output = ResponseOutput(framing: .none, status: HTTPStatus.ok.code)
    let isHead = exchange.head.method == .head
    let copied = isHead ? prepared.headCount : prepared.bytes.readableBytes

    var buffer = ByteBuffer()
    buffer.reserveCapacity(128 + copied)
    loop.server.headWriter.begin(
      keepAlive: keepAlive,
      requestVersion: exchange.head.version,
      date: loop.currentDate(),
      into: &buffer
    )
    prepared.bytes.withUnsafeReadableBytes { _ = buffer.writeBytes($0.prefix(copied)) }
    write(buffer)
    if !isHead {
      if !prepared.isInOnePiece { write(prepared.content) }
      output.bodyBytes = Int64(prepared.content.readableBytes)
    }
    endResponse()
    if !isBatching, !isProcessing { flushIfNeeded() }
  }
}
