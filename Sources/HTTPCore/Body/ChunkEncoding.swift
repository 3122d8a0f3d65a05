/// Frames content with the chunked transfer coding (RFC 9112 7.1): header, data, `chunkEnd`; at last `lastChunk`.
package enum ChunkEncoding {
  /// Ends a chunk's data.
  package static let chunkEnd: StaticString = "\r\n"

  /// Ends a body, without trailers. Only for a body that is complete: its absence is how a client sees one that
  /// broke off.
  package static let lastChunk: StaticString = "0\r\n\r\n"

  /// Writes the size line of a chunk. An empty chunk would end the body, so nothing is written for `count` 0.
  @inlinable
  package static func writeHeader(forCount count: Int, into sink: inout some ByteSink) {
    guard count > 0 else { return }
    sink.appendDigits(UInt64(count), radix: 16)
    sink.append(chunkEnd)
  }

  /// The size line of a chunk.
  package static func header(forCount count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    writeHeader(forCount: count, into: &bytes)
    return bytes
  }

  /// Writes a whole chunk; nothing for empty content.
  @inlinable
  package static func writeChunk(_ content: UnsafeRawBufferPointer, into sink: inout some ByteSink) {
    guard !content.isEmpty else { return }
    writeHeader(forCount: content.count, into: &sink)
    sink.append(content)
    sink.append(chunkEnd)
  }
}
