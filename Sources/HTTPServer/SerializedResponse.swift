import HTTPCore
import NIOCore

/// A whole response as the bytes that go out, made by the thread that has the content: one copy of that, and nothing for
/// the event loop to put together.
///
/// Its head says that the connection goes on, or not, as the request has asked for it. Where it turns out otherwise in
/// the meantime, the connection's handler says so with ``closing()``.
package struct SerializedResponse: ~Copyable, Sendable {
  private(set) var bytes: ByteBuffer
  /// Of the bytes: the head with its empty line.
  private let headCount: Int
  let status: HTTPStatus
  let contentCount: Int
  /// What the head says.
  let keepsAlive: Bool
  /// Some of it has been sent.
  private(set) var hasBegun = false

  /// A response whose content is still to be appended; nil for one whose framing depends on more than its length.
  ///
  /// - Parameter contentCount: bytes; the head's own length, where it has one.
  package init?(
    _ head: borrowing ResponseHead,
    contentCount: Int,
    for exchange: Exchange,
    date: HTTPDateCache
  ) {
    let request = exchange.head
    let framing = ResponseFraming.decide(
      requestMethod: request.method,
      requestVersion: request.version,
      status: head.status,
      declaredLength: head.fields.contentLength
    )
    // A large one is not to be copied again, by the event loop, where it turns out to be the last one.
    guard request.version == .http11, contentCount <= Self.limit,
      case .length(let length) = framing, length == Int64(contentCount)
    else { return nil }
    keepsAlive = request.isPersistent
    status = head.status
    self.contentCount = contentCount
    bytes = ByteBufferAllocator().buffer(capacity: 256 + head.fields.bytes.count + contentCount)
    exchange.loop.server.headWriter.write(
      head: head,
      framing: framing,
      keepAlive: keepsAlive,
      requestVersion: request.version,
      date: date,
      into: &bytes
    )
    headCount = bytes.readableBytes
  }

  /// Bytes of content.
  private static let limit = 1 << 20

  package mutating func append(_ content: UnsafeRawBufferPointer) {
    bytes.writeBytes(content)
  }

  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeReadableBytes(body)
  }

  /// So many bytes of it have been sent.
  ///
  /// - Returns: whether those were the last ones.
  mutating func remove(_ count: Int) -> Bool {
    bytes.moveReaderIndex(forwardBy: count)
    hasBegun = true
    return bytes.readableBytes == 0
  }

  consuming func takeBytes() -> ByteBuffer { bytes }

  /// The bytes of the same response as the last one of its connection (RFC 9112, section 9.6).
  func closing() -> ByteBuffer {
    let emptyLine = 2
    guard keepsAlive, let head = bytes.getSlice(at: bytes.readerIndex, length: headCount - emptyLine),
      let rest = bytes.getSlice(at: bytes.readerIndex + head.readableBytes, length: emptyLine + contentCount)
    else { return bytes }
    var closing = ByteBuffer()
    closing.reserveCapacity(bytes.readableBytes + 32)
    closing.writeImmutableBuffer(head)
    closing.writeStaticString("Connection: close\r\n")
    closing.writeImmutableBuffer(rest)
    return closing
  }
}
