import CZlib
import HTTPCore

/// gzip (RFC 1952), by zlib. 256 KiB of memory at any level.
struct GzipStream: ~Copyable {
  // zlib keeps a pointer to it, so it has a place of its own.
  private let stream: UnsafeMutablePointer<z_stream>

  init(level: Int) throws(EncoderFault) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard martlet_gzip_begin(stream, CInt(truncatingIfNeeded: level)) == Z_OK else {
      stream.deallocate()
      throw EncoderFault()
    }
    self.stream = stream
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func encode(
    _ bytes: UnsafeRawBufferPointer,
    _ operation: EncoderOperation,
    into sink: inout some ByteSink
  ) throws(EncoderFault) {
    var rest = bytes
    repeat {
      // zlib counts in 32 bits.
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      try deflate(piece, rest.isEmpty ? Self.flag(operation) : Z_NO_FLUSH, into: &sink)
    } while !rest.isEmpty
  }

  private static func flag(_ operation: EncoderOperation) -> CInt {
    switch operation {
    case .write: Z_NO_FLUSH
    case .flush: Z_SYNC_FLUSH
    case .finish: Z_FINISH
    }
  }

  private func deflate(
    _ piece: UnsafeRawBufferPointer,
    _ flag: CInt,
    into sink: inout some ByteSink
  ) throws(EncoderFault) {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: piece.assumingMemoryBound(to: UInt8.self).baseAddress
    )
    stream.pointee.avail_in = UInt32(truncatingIfNeeded: piece.count)
    var code = Z_OK
    var isFull = true
    while isFull {
      withUnsafeTemporaryAllocation(byteCount: outputPieceSize, alignment: 16) { target in
        stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(truncatingIfNeeded: target.count)
        code = CZlib.deflate(stream, flag)
        let written = target.count - Int(stream.pointee.avail_out)
        if written > 0 { sink.append(UnsafeRawBufferPointer(rebasing: target[..<written])) }
        isFull = stream.pointee.avail_out == 0
      }
      // Z_BUF_ERROR: there was nothing to do, as with a flush right after another.
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else { throw EncoderFault() }
    }
    stream.pointee.next_in = nil
  }
}

/// What a compressor gives out at once, on the stack.
let outputPieceSize = 16 << 10
