import FuzzSupport
import HTTPCore

/// What the decoder makes of some bytes: the content up to its verdict.
enum ChunkVerdict: Equatable {
  case incomplete([UInt8])
  case complete([UInt8], length: Int)
  case rejected([UInt8], HTTPRejection)

  var content: [UInt8] {
    switch self {
    case .incomplete(let content), .complete(let content, _), .rejected(let content, _): content
    }
  }
}

/// Bytes that are given to the decoder bit by bit.
struct ChunkDecoding {
  let bytes: [UInt8]
  let limits: HTTPLimits

  func verdict(cutAt cuts: [Int]) -> ChunkVerdict {
    var decoder = ChunkedBodyDecoder(limits: limits)
    var content: [UInt8] = []
    var start = 0
    for end in cuts + [bytes.count] {
      reading: while true {
        let available = end - start
        switch decoder.decode(bytes.span.bytes.extracting(start..<end)) {
        case .needMore(let consumed):
          requireEqual(consumed, available, "all is used up before more is asked for")
          start += consumed
          break reading
        case .data(let range, let consumed):
          require(!range.isEmpty, "content is not empty")
          require(range.upperBound <= consumed && consumed <= available, "content is within the input")
          content += bytes[start + range.lowerBound..<start + range.upperBound]
          start += consumed
        case .end(let consumed):
          require(consumed <= available, "the end is within the input")
          requireEqual(decoder.total, Int64(content.count), "the decoder's own count")
          requireEqual(decoder.decode(bytes.span.bytes), .end(consumed: 0), "after the end")
          return .complete(content, length: start + consumed)
        case .rejected(let rejection):
          requireEqual(decoder.decode(bytes.span.bytes), .rejected(rejection), "after a rejection")
          return .rejected(content, rejection)
        }
      }
    }
    return .incomplete(content)
  }
}

/// A whole chunked body as read by somebody who skips extensions and trailers unread: what a server in front does, and
/// so where it must find the same end. Nil where that fails.
func readSimply(_ bytes: [UInt8]) -> [UInt8]? {
  var content: [UInt8] = []
  var start = 0
  while let (line, next) = Lines.line(bytes, from: start) {
    let digits = line.prefix { $0.hexValue != nil }
    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
    if size == 0 { return trailersEnd(bytes, from: next) == bytes.count ? content : nil }
    guard next + size + 2 <= bytes.count, bytes[next + size] == ASCII.cr, bytes[next + size + 1] == ASCII.lf
    else { return nil }
    content += bytes[next..<next + size]
    start = next + size + 2
  }
  return nil
}

private func trailersEnd(_ bytes: [UInt8], from start: Int) -> Int? {
  var start = start
  while let (line, next) = Lines.line(bytes, from: start) {
    if line.isEmpty { return next }
    start = next
  }
  return nil
}
