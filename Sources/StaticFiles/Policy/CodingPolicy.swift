import ContentCoding
import HTTPCore
import HTTPServer
import NIOCore

/// In which content codings the files of a route go out.
///
/// A class, so that a look at it copies nothing.
package final class CodingPolicy: Sendable {
  /// Those in which a neighbour may hold a file's content: `app.js.br` beside `app.js`.
  package let precompressed: CodingSet
  /// Those that are made here, for whoever asks next.
  package let made: CodingSet
  /// Types that are worth making them.
  private let types: MediaTypePatterns
  private let minimumSize: Int64
  /// All of them, in the order of preference.
  private let offered: CodingRanking

  package init(
    precompressed: [Coding] = [],
    made: [Coding] = [],
    types: MediaTypePatterns = MediaTypePatterns([]),
    minimumSize: Int64 = 0
  ) {
    self.precompressed = CodingSet(precompressed)
    self.made = CodingSet(made)
    self.types = types
    self.minimumSize = minimumSize
    offered = CodingRanking(precompressed + made)
  }

  /// Whether a form may be made of a file.
  func makes(_ type: [UInt8], size: Int64) -> Bool {
    !made.isEmpty && size >= minimumSize && size <= BackgroundCompressor.largestFile
      && types.match(type.span.bytes)
  }

  /// Whether the answer depends on the codings that a client accepts.
  func varies(_ type: [UInt8], size: Int64) -> Bool {
    !precompressed.isEmpty || makes(type, size: size)
  }

  /// Whether a file may go out in any coding at all.
  var offersAny: Bool { offered != CodingRanking() }

  /// The codings that a client likes and a file might come in, best first.
  func ranked(for head: borrowing RequestHead, _ bytes: RawSpan) -> CodingRanking {
    // Where nothing is offered, the request need not be looked at.
    guard offersAny else { return offered }
    return AcceptedCodings(head, bytes).ranked(offered)
  }

  func ranked(for exchange: Exchange) -> CodingRanking {
    let bytes = exchange.headBytes
    return ranked(for: exchange.head, bytes.readableBytesSpan)
  }
}
