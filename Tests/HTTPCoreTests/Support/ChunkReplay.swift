import HTTPCore
import Testing

/// What the decoder made of some bytes: the content up to its verdict.
enum ChunkVerdict: Equatable, Sendable {
  case incomplete([UInt8])
  case complete([UInt8], length: Int)
  case rejected([UInt8], HTTPRejection)

  var status: UInt16? {
    if case .rejected(_, let rejection) = self { return rejection.status.code }
    return nil
  }

  var isIncomplete: Bool {
    if case .incomplete = self { return true }
    return false
  }

  var content: [UInt8] {
    switch self {
    case .incomplete(let content), .complete(let content, _), .rejected(let content, _): content
    }
  }
}

/// Gives bytes to the decoder in every way the network may cut them.
enum ChunkReplay {
  static func verdict(
    _ input: [UInt8],
    limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> ChunkVerdict {
    let whole = decode(input, cutAt: [], limits)
    let bytewise = decode(input, cutAt: Array(input.indices), limits)
    #expect(
      bytewise == whole,
      "byte by byte: \(input.latin1.debugDescription)",
      sourceLocation: sourceLocation
    )
    for cut in input.indices {
      let halves = decode(input, cutAt: [cut], limits)
      if halves != whole {
        Issue.record(
          "cut at \(cut): \(halves), whole: \(whole): \(input.latin1.debugDescription)",
          sourceLocation: sourceLocation
        )
        break
      }
    }
    return whole
  }

  static func decode(_ input: [UInt8], cutAt cuts: [Int], _ limits: HTTPLimits) -> ChunkVerdict {
    var decoder = ChunkedBodyDecoder(limits: limits)
    var content: [UInt8] = []
    var start = 0
    for end in cuts + [input.count] {
      reading: while true {
        switch decoder.decode(input.span.bytes.extracting(start..<end)) {
        case .needMore(let consumed):
          start += consumed
          break reading
        case .data(let range, let consumed):
          content += input[start + range.lowerBound..<start + range.upperBound]
          start += consumed
        case .end(let consumed):
          return .complete(content, length: start + consumed)
        case .rejected(let rejection):
          return .rejected(content, rejection)
        }
      }
    }
    return .incomplete(content)
  }
}
