import CLinux
import Glibc
import NIOCore
import NIOPosix

extension ConnectionHandler {
  /// Sends pieces after what has been written, and ends the response with them.
  func send(_ pieces: [BodyPiece]) {
    filePump = FilePump(pieces, rate: exchange?.sendRate, at: .now())
    pumpFile(isFresh: true)
  }

  /// - Parameter isFresh: The file has just been looked at.
  private func pumpFile(isFresh: Bool = false) {
    guard let exchange, var pump = filePump else { return }
    guard isFresh || pump.isAtEnd || !pump.hasShrunk else { return fileHasShrunk() }
    if let time = pump.pause(at: .now()) { return pumpFile(at: time) }
    while let bytes = pump.takeBytes() {
      countBody(bytes.readableBytes)
      write(bytes)
      guard let time = pump.pause(at: .now()) else { continue }
      filePump = pump
      flushIfNeeded()
      return pumpFile(at: time)
    }
    guard let piece = pump.takeSlice() else {
      filePump = nil
      endResponse()
      return flushIfNeeded()
    }
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

  /// Goes on later, for a response with a limit of speed.
  private func pumpFile(at time: NIODeadline) {
    let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
    let exchange = self.exchange
    loop.eventLoop.scheduleTask(deadline: time) {
      guard let exchange, bound.value.exchange === exchange else { return }
      bound.value.pumpFile()
    }
  }

  private func write(_ piece: FileSlice, _ exchange: Exchange) {
    let count = Int(piece.count)
    countQueued(count)
    guard let rest = sendDirectly(piece) else {
      countBody(count)
      guard filePump?.isAtEnd == false else { return pumpFile() }
      // Others have their turn before the next piece: what is due at once would come before the next look at the sockets.
      return pumpFile(at: .now() + Self.turn)
    }
    countBody(count - Int(rest.count))
    passToChannel(rest, exchange)
  }

  private static let turn = TimeAmount.microseconds(20)

  /// Writes to the socket itself, as ``flushIfNeeded()`` does.
  ///
  /// - Returns: what is left for the channel; nil where all of it has been taken.
  private func sendDirectly(_ piece: FileSlice) -> FileSlice? {
    writeDirectly(more: true)
    guard let descriptor, pendingOutput == nil, channelIsFree() else { return piece }
    needsFlush = false
    var offset = off_t(piece.offset)
    let count = sendfile(descriptor, piece.file.descriptor, &offset, Int(piece.count))
    guard count > 0 else { return piece }
    let sent = Int64(count)
    guard sent < piece.count else { return nil }
    return FileSlice(file: piece.file, offset: piece.offset + sent, count: piece.count - sent)
  }

  private func passToChannel(_ piece: FileSlice, _ exchange: Exchange) {
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
      bound.value.countBody(count)
      bound.value.pumpFile()
    }
    passOutput()
    channelHasOutput = true
    context.write(wrapOutboundOut(.fileRegion(region)), promise: promise)
    needsFlush = false
    context.flush()
  }

  private func countBody(_ count: Int) {
    output.bodyBytes += Int64(count)
    output.owed -= Int64(count)
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
    where martlet_read_cached(file.descriptor, &byte, 1, position) < 0 {
      // Not in memory, or of a file system that can't tell.
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
