import CLinux
import Glibc
import NIOCore

extension FileSlice {
  /// All of the bytes; nil where they can't be had, or not without waiting for the disk.
  package func read(mayWait: Bool) -> ByteBuffer? {
    guard let length = Int(exactly: count) else { return nil }
    var buffer = ByteBuffer()
    buffer.reserveCapacity(length)
    while buffer.readableBytes < length {
      let rest = length - buffer.readableBytes
      let position = offset + Int64(buffer.readableBytes)
      let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: rest) { target in
        let read =
          mayWait
          ? pread(file.descriptor, target.baseAddress, rest, off_t(position))
          : martlet_read_cached(file.descriptor, target.baseAddress, rest, position)
        return max(read, 0)
      }
      guard read > 0 else { return nil }
    }
    return buffer
  }
}
