import NIOCore

/// How much is read from a client at once, and what of that memory stays with its connection: one small buffer.
///
/// A channel keeps the buffers that it reads into. With NIO's own allocator these are as large as the largest body that
/// was ever sent, for as long as the connection is idle; here, what is larger than a usual request is given back after
/// its read. For channels that read once a turn (`maxMessagesPerRead`): others keep a buffer for each read.
struct ReceiveBuffers: RecvByteBufferAllocator {
  /// Bytes that stay: room for the head of most requests.
  static let kept = 1024
  static let largest = 64 << 10

  private var adaptive = AdaptiveRecvByteBufferAllocator(minimum: kept, initial: kept, maximum: largest)

  func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { adaptive.buffer(allocator: allocator) }

  /// - Returns: that the next buffer is not to be the last one again.
  mutating func record(actualReadBytes: Int) -> Bool {
    _ = adaptive.record(actualReadBytes: actualReadBytes)
    return nextBufferSize() == nil
  }

  /// Nil where the buffer is not to be one of those that are kept.
  func nextBufferSize() -> Int? {
    guard let size = adaptive.nextBufferSize(), size <= Self.kept else { return nil }
    return size
  }
}
