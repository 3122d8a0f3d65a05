import HTTPCore
import Testing

/// What the parser made of some bytes.
enum HeadVerdict: Equatable, Sendable {
  case incomplete
  case complete(RequestHead, length: Int)
  case rejected(HTTPRejection)

  /// The status of a rejection.
  var status: UInt16? {
    if case .rejected(let rejection) = self { return rejection.status.code }
    return nil
  }

  var head: RequestHead? {
    if case .complete(let head, _) = self { return head }
    return nil
  }
}

/// Gives bytes to the parser in every way the network may cut them.
enum HeadReplay {
  /// The verdict on the whole, checked to be the same byte by byte and cut in two at every place.
  static func verdict(
    _ input: [UInt8],
    limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> HeadVerdict {
    let whole = parse(input, endingAt: [input.count], limits)
    let bytewise = parse(input, endingAt: Array(0...input.count), limits)
    #expect(
      bytewise == whole,
      "byte by byte: \(input.latin1.debugDescription)",
      sourceLocation: sourceLocation
    )
    for cut in input.indices {
      let halves = parse(input, endingAt: [cut, input.count], limits)
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

  static func verdict(
    _ input: String,
    limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> HeadVerdict {
    verdict([UInt8](latin1: input), limits: limits, sourceLocation: sourceLocation)
  }

  /// Calls the parser with the input up to each of these ends until it has decided.
  static func parse(_ input: [UInt8], endingAt ends: [Int], _ limits: HTTPLimits) -> HeadVerdict {
    var parser = RequestHeadParser(limits: limits)
    for end in ends {
      switch parser.parse(input.span.bytes.extracting(0..<end)) {
      case .needMore: continue
      case .complete(let length): return .complete(parser.head, length: length)
      case .rejected(let rejection): return .rejected(rejection)
      }
    }
    return .incomplete
  }
}

/// A request and what it should come to, with one look.
struct Wire: Sendable, CustomTestStringConvertible, ExpressibleByStringLiteral {
  let text: String

  init(_ text: String) { self.text = text }
  init(stringLiteral text: String) { self.text = text }

  /// A head with this field line.
  static func field(_ line: String) -> Wire { Wire("POST / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n") }

  /// A head with this target.
  static func target(_ target: String, method: String = "GET") -> Wire {
    Wire("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
  }

  var testDescription: String { text.debugDescription }
}

/// A complete head and the bytes it points into.
struct ParsedHead {
  let bytes: [UInt8]
  let head: RequestHead
  let length: Int

  /// Parses a head that must be acceptable.
  init(
    _ wire: Wire,
    limits: HTTPLimits = HTTPLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    bytes = [UInt8](latin1: wire.text)
    let verdict = HeadReplay.verdict(bytes, limits: limits, sourceLocation: sourceLocation)
    guard case .complete(let head, let length) = verdict else {
      throw NotComplete(wire: wire.testDescription, verdict: verdict)
    }
    self.head = head
    self.length = length
  }

  func text(_ span: FieldSpan?) -> String? {
    span.map { $0.bytes(in: bytes.span.bytes).latin1 }
  }

  struct NotComplete: Error {
    let wire: String
    let verdict: HeadVerdict
  }
}
