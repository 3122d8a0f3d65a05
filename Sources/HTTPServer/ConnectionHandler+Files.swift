import CLinux
import Glibc
import NIOCore
import NIOPosix

/// A file on its way out, piece by piece, so that its end can be watched.
struct FilePump {
  static let pieceSize: Int64 = 1 << 20

  var slice: FileSlice

  init(_ slice: FileSlice) {
    self.slice = slice
  }

  /// The next piece to send, taken off what is left.
  mutating func takePiece() -> FileSlice {
    let piece = FileSlice(file: slice.file, offset: slice.offset, count: min(slice.count, Self.pieceSize))
    slice.offset += piece.count
    slice.count -= piece.count
    return piece
  }

  /// The file has become shorter than what was promised: waiting for the rest would be waiting for ever.
  var hasShrunk: Bool {
    guard let size = slice.file.currentSize else { return true }
    return size < slice.offset + slice.count
  }
}

extension ConnectionHandler {
  /// Sends a file after what has been written, and ends the response with it.
  func send(_ slice: FileSlice) {
    filePump = FilePump(slice)
    pumpFile()
  }

  private func pumpFile() {
    guard let exchange, var pump = filePump else { return }
    guard pump.slice.count > 0 else {
      filePump = nil
      endResponse()
      return flushIfNeeded()
    }
    guard !pump.hasShrunk else { return fileHasShrunk() }
    let piece = pump.takePiece()
    filePump = pump
    guard !piece.isCached else { return write(piece, exchange) }
    // The disk is waited for elsewhere; sendfile() would do it here.
    flushIfNeeded()
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    exchange.offload {
      piece.readAhead()
    } then: {
      guard bound.value.exchange === exchange else { return }
      bound.value.write(piece, exchange)
    }
  }

  private func write(_ piece: FileSlice, _ exchange: Exchange) {
    guard let context else { return }
    // It only lends the descriptor to NIO: `file` stays its owner, and lives until the write is over.
    let file = piece.file
    let count = Int(piece.count)
    let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
    let region = FileRegion(
      fileHandle: handle,
      readerIndex: Int(piece.offset),
      endIndex: Int(piece.offset) + count
    )
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.whenComplete { result in
      _ = try? handle.takeDescriptorOwnership()
      withExtendedLifetime(file) {}
      guard case .success = result, bound.value.exchange === exchange else { return }
      bound.value.output.bodyBytes += Int64(count)
      bound.value.output.owed -= Int64(count)
      bound.value.pumpFile()
    }
    countQueued(count)
    context.write(wrapOutboundOut(.fileRegion(region)), promise: promise)
    needsFlush = false
    context.flush()
  }

  /// The rest of what was promised does not exist any more.
  func fileHasShrunk() {
    if let exchange {
      loop.server.logger.warning("\(exchange.title): the file became shorter while it was being sent")
    }
    abort()
  }
}

extension FileSlice {
  /// Whether the kernel has the slice's ends in memory, and so in all likelihood what is between them.
  fileprivate var isCached: Bool {
    var byte: UInt8 = 0
    for position in [offset, offset + count - 1]
    where martlet_read_cached(file.descriptor, &byte, 1, position) == -Int(EAGAIN) {
      return false
    }
    return true
  }

  /// Brings the slice into the kernel's memory, waiting for the disk.
  fileprivate func readAhead() {
    martlet_read_ahead(file.descriptor, offset, Int(count))
    var byte: UInt8 = 0
    _ = pread(file.descriptor, &byte, 1, off_t(offset + count - 1))
  }
}
