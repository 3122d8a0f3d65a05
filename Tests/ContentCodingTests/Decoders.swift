import CBrotli
import CZlib
import CZstd
import ContentCoding

/// What a client makes of coded content, by the libraries' own decoders.
struct Decoded: Equatable {
  var bytes: [UInt8]
  /// The coding's own end has been reached.
  var isWhole: Bool

  /// - Returns: nil where it is no coded content.
  init?(_ coded: [UInt8], _ coding: Coding) {
    bytes = []
    isWhole = false
    let isValid =
      switch coding {
      case .gzip: gunzip(coded)
      case .brotli: decodeBrotli(coded)
      case .zstd: decodeZstd(coded)
      }
    guard isValid else { return nil }
  }

  private mutating func gunzip(_ coded: [UInt8]) -> Bool {
    var stream = z_stream()
    guard martlet_gunzip_begin(&stream) == Z_OK else { return false }
    defer { inflateEnd(&stream) }
    var input = coded
    return input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      var target = [UInt8](repeating: 0, count: 65536)
      while true {
        let (code, count) = target.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          let code = inflate(&stream, Z_SYNC_FLUSH)
          return (code, target.count - Int(stream.avail_out))
        }
        bytes += target[..<count]
        if code == Z_STREAM_END {
          isWhole = stream.avail_in == 0
          return true
        }
        if code == Z_BUF_ERROR || (code == Z_OK && count == 0) { return true }
        guard code == Z_OK else { return false }
      }
    }
  }

  private mutating func decodeBrotli(_ coded: [UInt8]) -> Bool {
    guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { return false }
    defer { BrotliDecoderDestroyInstance(state) }
    return coded.withUnsafeBufferPointer { input in
      var count = input.count
      var next = input.baseAddress
      while true {
        var room = 0
        let result = BrotliDecoderDecompressStream(state, &count, &next, &room, nil, nil)
        var taken = 0
        while BrotliDecoderHasMoreOutput(state) != 0, let output = BrotliDecoderTakeOutput(state, &taken) {
          bytes += UnsafeBufferPointer(start: output, count: taken)
          taken = 0
        }
        switch result {
        case BROTLI_DECODER_RESULT_SUCCESS:
          isWhole = count == 0
          return true
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return true
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
        default: return false
        }
      }
    }
  }

  /// Within the 8 MiB that browsers have for a window (RFC 9659).
  private mutating func decodeZstd(_ coded: [UInt8]) -> Bool {
    guard let context = ZSTD_createDCtx() else { return false }
    defer { ZSTD_freeDCtx(context) }
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23)
    var target = [UInt8](repeating: 0, count: 65536)
    return coded.withUnsafeBytes { source in
      var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
      while true {
        let (left, count) = target.withUnsafeMutableBytes { target in
          var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
          let left = ZSTD_decompressStream(context, &output, &input)
          return (left, output.pos)
        }
        guard ZSTD_isError(left) == 0 else { return false }
        bytes += target[..<count]
        if left == 0 {
          isWhole = input.pos == input.size
          return true
        }
        if input.pos == input.size, count < target.count { return true }
      }
    }
  }
}

extension ContentEncoder {
  /// What comes out when these bytes go in.
  func output(of bytes: [UInt8], _ operation: EncoderOperation) throws -> [UInt8] {
    var output: [UInt8] = []
    try bytes.withUnsafeBytes { try encode($0, operation, into: &output) }
    return output
  }
}
