import HTTPCore
import NIOCore

extension ByteBuffer: ByteSink {
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    writeBytes(bytes)
  }
}
