import HTTPCore
import NIOCore

/// Takes the framing off a request body (RFC 9112, section 6).
struct BodyReader {
  private enum Framing {
    case length(remaining: Int64)
    case chunked(ChunkedBodyDecoder)
  }

  enum Event {
    case data(ByteBuffer)
    case needMore
    case end
    case rejected(HTTPRejection)
  }

  private var framing: Framing

  /// Nil for a request without a body.
  init?(_ framing: BodyFraming, limits: HTTPLimits) {
    switch framing {
    case .none, .length(0): return nil
    case .length(let count): self.framing = .length(remaining: count)
    case .chunked: self.framing = .chunked(ChunkedBodyDecoder(limits: limits))
    }
  }

  /// Bytes that are still to come; nil where only the last chunk will tell.
  var remaining: Int64? {
    guard case .length(let remaining) = framing else { return nil }
    return remaining
  }

  /// Takes what it can from the front of `input`.
  mutating func next(from input: inout ByteBuffer) -> Event {
    switch framing {
    case .length(let remaining):
      if remaining == 0 { return .end }
      let count = Int(min(Int64(input.readableBytes), remaining))
      guard count > 0, let data = input.readSlice(length: count) else { return .needMore }
      framing = .length(remaining: remaining - Int64(count))
      return .data(data)
    case .chunked(var decoder):
      let event = decoder.decode(input.readableBytesSpan)
      framing = .chunked(decoder)
      switch event {
      case .needMore(let consumed):
        input.moveReaderIndex(forwardBy: consumed)
        return .needMore
      case .data(let range, let consumed):
        let data = input.getSlice(at: input.readerIndex + range.lowerBound, length: range.count)
        input.moveReaderIndex(forwardBy: consumed)
        return .data(data ?? ByteBuffer())
      case .end(let consumed):
        input.moveReaderIndex(forwardBy: consumed)
        return .end
      case .rejected(let rejection):
        return .rejected(rejection)
      }
    }
  }
}
