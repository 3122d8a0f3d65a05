import Glibc
import NIOCore
import NIOPosix

/// Keeps a request body until it is whole: in memory up to a threshold, beyond it in an unlinked temporary
/// file, which is written off the event loop. While a write is under way nothing more is read from the client.
///
/// Used on one event loop only.
final class BodyCollector: BodySink {
  private let loop: LoopContext
  private let threshold: Int
  private var pieces = BodyPieces()
  private var spool: SpoolFile?
  private(set) var isBusy = false
  private var inputHasEnded = false
  private var isCancelled = false
  private let completion: (Result<RequestBody, SpoolError>) -> Void
  private let resume: () -> Void

  /// - Parameters:
  ///   - resume: called when a write is done and more may be read.
  ///   - completion: called once, with the body or with what kept it from being stored.
  init(
    loop: LoopContext,
    resume: @escaping () -> Void,
    completion: @escaping (Result<RequestBody, SpoolError>) -> Void
  ) {
    self.loop = loop
    threshold = loop.server.configuration.bodyBuffer
    self.resume = resume
    self.completion = completion
  }

  func append(_ data: ByteBuffer) {
    pieces.append(data)
    if pieces.count > threshold, !isBusy { writeOut() }
  }

  func finish() {
    inputHasEnded = true
    if !isBusy { complete() }
  }

  func cancel() {
    isCancelled = true
  }

  private func writeOut() {
    let directory = loop.server.configuration.temporaryDirectory
    let file = spool ?? SpoolFile(in: directory)
    spool = file
    file.pending = pieces
    pieces = BodyPieces()
    isBusy = true
    loop.server.threadPool.runIfActive(eventLoop: loop.eventLoop) {
      try file.writePending()
    }.assumeIsolated().whenComplete { [self] result in
      isBusy = false
      // Whoever it was for has been answered without it.
      guard !isCancelled else { return }
      switch result {
      case .success:
        if inputHasEnded { complete() } else { resume() }
      case .failure(let error):
        completion(
          .failure(error as? SpoolError ?? SpoolError(operation: "write", path: directory, code: EIO))
        )
      }
    }
  }

  private func complete() {
    guard let spool else { return completion(.success(.memory(joined()))) }
    guard pieces.isEmpty else { return writeOut() }
    completion(.success(.file(spool.finish())))
  }

  private func joined() -> ByteBuffer {
    let count = pieces.count
    guard var body = pieces.popFirst() else { return ByteBuffer() }
    guard !pieces.isEmpty else { return body }
    body.reserveCapacity(minimumWritableBytes: count - body.readableBytes)
    while let piece = pieces.popFirst() {
      body.writeImmutableBuffer(piece)
    }
    return body
  }
}

/// Why a request body could not be kept.
struct SpoolError: Error, CustomStringConvertible {
  let operation: String
  let path: String
  let code: Int32

  var description: String {
    "a request body could not be kept in \(path): \(operation): \(String(cString: strerror(code))). "
      + "Free some space there, or set TMPDIR to another directory."
  }
}

/// A temporary file without a name, while it is being written.
private final class SpoolFile: @unchecked Sendable {
  // One thread at a time uses it: the pool's while a write is under way, else the event loop's. The hand-over
  // through the thread pool orders the two.
  private let path: String
  private var descriptor: CInt = -1
  private var count: Int64 = 0
  /// What is to be written next.
  var pending = BodyPieces()

  init(in directory: String) {
    path = directory
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// `O_TMPFILE`, a macro of expressions that Swift does not import.
  private static let temporaryFileFlag: CInt = 0o20000000 | O_DIRECTORY

  private func open() throws(SpoolError) {
    descriptor = Glibc.open(path, SpoolFile.temporaryFileFlag | O_RDWR | O_CLOEXEC, mode_t(0o600))
    if descriptor < 0, errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT || errno == EINVAL {
      descriptor = SpoolFile.openNamed(in: path)
    }
    guard descriptor >= 0 else { throw SpoolError(operation: "open", path: path, code: errno) }
  }

  /// Where the file system knows no O_TMPFILE: a name that is removed at once.
  private static func openNamed(in directory: String) -> CInt {
    var template = Array("\(directory)/martlet-body-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    if descriptor >= 0 {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      unlink(template)
    }
    return descriptor
  }

  /// Writes all of it, waiting for the disk.
  func writePending() throws(SpoolError) {
    if descriptor < 0 { try open() }
    while let piece = pending.popFirst() { try append(piece) }
  }

  private func append(_ piece: ByteBuffer) throws(SpoolError) {
    var rest = piece
    while rest.readableBytes > 0 {
      let written = rest.withUnsafeReadableBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(count))
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw SpoolError(operation: "write", path: path, code: errno)
      }
      rest.moveReaderIndex(forwardBy: written)
      count += Int64(written)
    }
  }

  /// Hands the descriptor over to the body.
  func finish() -> SpooledBody {
    defer { descriptor = -1 }
    return SpooledBody(descriptor: descriptor, count: count)
  }
}
