import Glibc
import NIOCore

/// A request's body with its framing taken off.
package enum RequestBody: Sendable {
  case none
  case memory(ByteBuffer)
  case file(SpooledBody)
  /// It is still arriving.
  case stream(BodyStream)

  /// Bytes; nil where only the end will tell.
  package var count: Int64? {
    switch self {
    case .none: 0
    case .memory(let buffer): Int64(buffer.readableBytes)
    case .file(let file): file.count
    case .stream: nil
    }
  }
}

/// A body in an unlinked temporary file. The file goes when the last owner of a descriptor does.
package final class SpooledBody: Sendable {
  package let count: Int64
  private let descriptor: CInt

  init(descriptor: CInt, count: Int64) {
    self.descriptor = descriptor
    self.count = count
  }

  deinit {
    close(descriptor)
  }

  /// A descriptor of the caller's own, at the start of the body; nil where there is none left.
  package func duplicate() -> CInt? {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    return copy
  }
}
