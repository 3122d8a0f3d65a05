import FuzzSupport
import HTTPCore

/// What the parser makes of some bytes.
enum HeadVerdict: Equatable {
  case incomplete
  case complete(RequestHead, length: Int)
  case rejected(HTTPRejection)
}

/// Bytes that are given to the parser bit by bit.
struct HeadReading {
  let bytes: [UInt8]
  let limits: HTTPLimits

  /// Calls a new parser with the bytes up to each of these ends until it has decided; then, used, with all again.
  func verdict(endingAt ends: [Int]) -> HeadVerdict {
    var parser = RequestHeadParser(limits: limits)
    let first = verdict(&parser, ends)
    guard case .complete = first else { return first }
    _ = parser.takeHead()
    require(parser.isEmpty, "a parser whose head was taken is new")
    requireEqual(verdict(&parser, ends), first, "a used parser")
    return first
  }

  private func verdict(_ parser: inout RequestHeadParser, _ ends: [Int]) -> HeadVerdict {
    for end in ends {
      switch parser.parse(bytes.span.bytes.extracting(0..<end)) {
      case .needMore: continue
      case .complete(let length): return .complete(parser.head, length: length)
      case .rejected(let rejection): return .rejected(rejection)
      }
    }
    return .incomplete
  }

  func checkThatNothingFollows(_ rejection: HTTPRejection) {
    var parser = RequestHeadParser(limits: limits)
    _ = parser.parse(bytes.span.bytes)
    let more = bytes + Array("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    requireEqual(parser.parse(more.span.bytes), .rejected(rejection), "after a rejection")
    require(rejection.status.code >= 400, "a rejection is an error")
  }
}
