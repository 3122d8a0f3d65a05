import CBrotli
import HTTPCore

/// Brotli (RFC 7932), by Google's encoder.
struct BrotliStream: ~Copyable {
  private let state: OpaquePointer

  /// - Parameter window: in bits.
  init(level: Int, window: Int, size: Int?) throws(EncoderFault) {
    guard let state = BrotliEncoderCreateInstance(nil, nil, nil) else { throw EncoderFault() }
    self.state = state
    set(BROTLI_PARAM_QUALITY, level)
    set(BROTLI_PARAM_LGWIN, window)
    if let size { set(BROTLI_PARAM_SIZE_HINT, size) }
  }

  deinit {
    BrotliEncoderDestroyInstance(state)
  }

  private func set(_ parameter: BrotliEncoderParameter, _ value: Int) {
    _ = BrotliEncoderSetParameter(state, parameter, UInt32(clamping: value))
  }

  func encode(
    _ bytes: UnsafeRawBufferPointer,
    _ operation: EncoderOperation,
    into sink: inout some ByteSink
  ) throws(EncoderFault) {
    let code = Self.code(operation)
    var count = bytes.count
    var next = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
    while true {
      // No room is offered, so that the encoder keeps its output until it is taken without a copy.
      var room = 0
      guard BrotliEncoderCompressStream(state, code, &count, &next, &room, nil, nil) != 0 else {
        throw EncoderFault()
      }
      while BrotliEncoderHasMoreOutput(state) != 0 {
        var taken = 0
        guard let output = BrotliEncoderTakeOutput(state, &taken), taken > 0 else { break }
        sink.append(UnsafeRawBufferPointer(start: output, count: taken))
      }
      guard count == 0 else { continue }
      if operation != .finish || BrotliEncoderIsFinished(state) != 0 { return }
    }
  }

  private static func code(_ operation: EncoderOperation) -> BrotliEncoderOperation {
    switch operation {
    case .write: BROTLI_OPERATION_PROCESS
    case .flush: BROTLI_OPERATION_FLUSH
    case .finish: BROTLI_OPERATION_FINISH
    }
  }
}
