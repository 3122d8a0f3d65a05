import HTTPCore

/// Turns content into its coded form, piece by piece. It holds memory of the compressor's, which its end releases.
///
/// Used by one thread at a time. Never more memory than its ``Effort`` says, however much goes through it.
///
/// A class around a value that can't be copied: where that value itself was another module's to hold, Swift 6.3 left
/// out the symbols that its release takes in an optimised build.
package final class ContentEncoder {
  private let stream: CodedStream

  /// - Parameter size: How many bytes will come, where that is known for certain: it saves memory, and some of the output.
  package init(
    _ coding: Coding,
    level: Int,
    effort: Effort = .streaming,
    size: Int? = nil
  ) throws(EncoderFault) {
    let level = min(max(level, coding.levels.lowerBound), coding.levels.upperBound)
    let window = effort.window(of: coding, size: size)
    switch coding {
    case .gzip: stream = .gzip(try GzipStream(level: level))
    case .brotli: stream = .brotli(try BrotliStream(level: level, window: window, size: size))
    case .zstd: stream = .zstd(try ZstdStream(level: level, window: window, effort: effort, size: size))
    }
  }

  /// Codes some more content. What comes out goes into the sink, which may be nothing before a flush.
  ///
  /// After a fault, or after `.finish`, there is nothing more to do with it.
  package func encode(
    _ bytes: UnsafeRawBufferPointer,
    _ operation: EncoderOperation,
    into sink: inout some ByteSink
  ) throws(EncoderFault) {
    switch stream {
    case .gzip(let stream): try stream.encode(bytes, operation, into: &sink)
    case .brotli(let stream): try stream.encode(bytes, operation, into: &sink)
    case .zstd(let stream): try stream.encode(bytes, operation, into: &sink)
    }
  }
}

package enum EncoderOperation: Sendable {
  /// More will follow at once: the compressor keeps what it likes.
  case write
  /// A reader of what has come out by now can decode all that has gone in.
  case flush
  /// This was the last of it.
  case finish
}

/// The compressor could not go on: no memory is left, as there is nothing else that could be wrong.
package struct EncoderFault: Error, Sendable {}

private enum CodedStream: ~Copyable {
  case gzip(GzipStream)
  case brotli(BrotliStream)
  case zstd(ZstdStream)
}
