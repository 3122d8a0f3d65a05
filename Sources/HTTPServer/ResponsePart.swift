import Glibc
import HTTPCore
import NIOCore

/// One step of a response. Every response is either one `.whole` or `.serialized`, or a `.head`, any number of `.data`, and an
/// `.end`; `.fail` can take the place of any of them, and an `.interim` can come before.
package enum ResponsePart: Sendable {
  case whole(ResponseHead, ResponseBody)
  /// The same, with nothing left to do but to send it: the exchange has it (``Exchange/serialized``).
  case serialized
  case head(ResponseHead)
  case data(ByteBuffer)
  case end
  /// An informational response (RFC 9110, section 15.2).
  case interim(ResponseHead)
  /// A file goes out in the place of the application's response.
  case redirect(ResponseHead, InternalTarget)
  /// It broke midway: the client must be able to tell, so the connection is cut. Before the head has gone out
  /// it is an answer with this status instead.
  case fail(HTTPStatus)
}

extension ResponsePart {
  /// What it counts for in the ``ResponseFlow``, from when it is posted until the client has taken it: its bytes, and for
  /// an informational response some more, or those without a field would count for nothing.
  package var weight: Int {
    switch self {
    case .data(let data): data.readableBytes
    case .interim(let head): 256 + head.fields.bytes.count
    case .whole, .serialized, .head, .end, .redirect, .fail: 0
    }
  }
}

package enum ResponseBody: Sendable {
  case none
  case bytes(ByteBuffer)
  case file(FileSlice)
  /// One behind the other.
  case pieces([BodyPiece])

  package var count: Int64 {
    switch self {
    case .none: 0
    case .bytes(let buffer): Int64(buffer.readableBytes)
    case .file(let slice): slice.count
    case .pieces(let pieces): pieces.reduce(0) { $0 + $1.count }
    }
  }
}

/// Part of a body that comes from several places.
package enum BodyPiece: Sendable {
  case bytes(ByteBuffer)
  case file(FileSlice)

  package var count: Int64 {
    switch self {
    case .bytes(let buffer): Int64(buffer.readableBytes)
    case .file(let slice): slice.count
    }
  }
}

/// An open file, closed when the last user is done with it.
package final class OpenFile: Sendable {
  package let descriptor: CInt

  /// Takes the descriptor over.
  package init(owning descriptor: CInt) {
    self.descriptor = descriptor
  }

  /// Takes a copy of somebody else's descriptor; nil where there is none left.
  package convenience init?(duplicating descriptor: CInt) {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    self.init(owning: copy)
  }

  deinit {
    close(descriptor)
  }

  /// The file's size as it is now, in bytes.
  package var currentSize: Int64? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    return Int64(status.st_size)
  }
}

/// Part of a file, to be sent from the page cache.
package struct FileSlice: Sendable {
  package let file: OpenFile
  package var offset: Int64
  package var count: Int64

  package init(file: OpenFile, offset: Int64, count: Int64) {
    self.file = file
    self.offset = offset
    self.count = count
  }
}
