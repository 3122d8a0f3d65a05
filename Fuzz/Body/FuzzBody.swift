import FuzzSupport
import HTTPCore

/// Chunked bodies: one verdict however they are cut, never more content than there was input, and the content that a
/// simple reader sees.
@c(LLVMFuzzerTestOneInput)
public func fuzzBody(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let input = FuzzInput(start, count) else { return 0 }
  let limits = input.chooses(0) ? .tight : HTTPLimits()
  let decoding = ChunkDecoding(bytes: input.bytes, limits: limits)
  let verdict = decoding.verdict(cutAt: [])
  requireEqual(verdict, decoding.verdict(cutAt: Array(input.bytes.indices)), "byte by byte")
  requireEqual(verdict, decoding.verdict(cutAt: input.cuts), "cut at \(input.cuts)")
  require(verdict.content.count <= input.bytes.count, "no more content than input")
  require(verdict.content.count <= limits.bodySize, "no more content than allowed")
  if case .complete(let content, let length) = verdict {
    let body = Array(input.bytes.prefix(length))
    requireEqual(readSimply(body), content, "as a simple reader")
    let alone = ChunkDecoding(bytes: body, limits: limits).verdict(cutAt: [])
    requireEqual(verdict, alone, "without what follows")
  }
  checkRoundTrip(input.bytes)
  return 0
}

/// Content in one chunk after another, as it would be sent, is what was put in.
private func checkRoundTrip(_ content: [UInt8]) {
  var encoded: [UInt8] = []
  var rest = content[...]
  while !rest.isEmpty {
    let piece = Array(rest.prefix(1 + Int(rest[rest.startIndex] & 0x1F)))
    rest = rest.dropFirst(piece.count)
    piece.withUnsafeBytes { ChunkEncoding.writeChunk($0, into: &encoded) }
  }
  encoded.append(ChunkEncoding.lastChunk)
  let verdict = ChunkDecoding(bytes: encoded, limits: HTTPLimits()).verdict(cutAt: [])
  requireEqual(verdict, .complete(content, length: encoded.count), "encoded and decoded")
}
