/// A sink over memory that is large enough, by its maker's count.
@usableFromInline
struct ScratchSink: ByteSink {
  private let buffer: UnsafeMutableRawBufferPointer
  private var count = 0

  @usableFromInline
  init(_ buffer: UnsafeMutableRawBufferPointer) {
    self.buffer = buffer
  }

  @usableFromInline
  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<count]) }

  @usableFromInline
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, let target = buffer.baseAddress else { return }
    // A wrong count must not become a write out of bounds.
    precondition(bytes.count <= buffer.count &- count)
    (target + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }
}
