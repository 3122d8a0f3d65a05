import CZstd
import HTTPCore

/// Zstandard (RFC 8878), by its authors' library.
struct ZstdStream: ~Copyable {
  private let context: OpaquePointer

  /// - Parameters:
  ///   - window: in bits.
  ///   - size: has to be right: the end is a fault where it is not.
  init(level: Int, window: Int, effort: Effort, size: Int?) throws(EncoderFault) {
    guard let context = ZSTD_createCCtx() else { throw EncoderFault() }
    self.context = context
    set(ZSTD_c_compressionLevel, level)
    set(ZSTD_c_windowLog, window)
    if level > 5, effort == .streaming {
      // The tables of these levels are made for windows of many MiB: 80 MiB of them, and no use here.
      set(ZSTD_c_hashLog, window + 1)
      set(ZSTD_c_chainLog, window + 1)
    }
    if let size, size > 0 { _ = ZSTD_CCtx_setPledgedSrcSize(context, UInt64(size)) }
  }

  deinit {
    ZSTD_freeCCtx(context)
  }

  private func set(_ parameter: ZSTD_cParameter, _ value: Int) {
    _ = ZSTD_CCtx_setParameter(context, parameter, CInt(truncatingIfNeeded: value))
  }

  func encode(
    _ bytes: UnsafeRawBufferPointer,
    _ operation: EncoderOperation,
    into sink: inout some ByteSink
  ) throws(EncoderFault) {
    let directive = Self.directive(operation)
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    var left = 0
    repeat {
      withUnsafeTemporaryAllocation(byteCount: outputPieceSize, alignment: 16) { target in
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        left = ZSTD_compressStream2(context, &output, &input, directive)
        if output.pos > 0 { sink.append(UnsafeRawBufferPointer(rebasing: target[..<output.pos])) }
      }
      guard ZSTD_isError(left) == 0 else { throw EncoderFault() }
      // What is left of a plain write stays inside until it is worth it.
    } while input.pos < input.size || (operation != .write && left > 0)
  }

  private static func directive(_ operation: EncoderOperation) -> ZSTD_EndDirective {
    switch operation {
    case .write: ZSTD_e_continue
    case .flush: ZSTD_e_flush
    case .finish: ZSTD_e_end
    }
  }
}
