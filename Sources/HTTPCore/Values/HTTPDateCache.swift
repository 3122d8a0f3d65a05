/// The `Date` line of responses, made once a second. One for each event loop.
package struct HTTPDateCache: Sendable {
  /// `Date: … CRLF`
  package private(set) var line: [UInt8] = []
  package private(set) var secondsSinceEpoch: Int64

  package init(secondsSinceEpoch: Int64) {
    self.secondsSinceEpoch = secondsSinceEpoch
    line = HTTPDateCache.makeLine(secondsSinceEpoch)
  }

  /// Brings the line up to date; costs one comparison within the same second.
  package mutating func update(secondsSinceEpoch: Int64) {
    guard secondsSinceEpoch != self.secondsSinceEpoch else { return }
    self = HTTPDateCache(secondsSinceEpoch: secondsSinceEpoch)
  }

  private static func makeLine(_ seconds: Int64) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(HTTPDate.length + 8)
    line.append("Date: " as StaticString)
    HTTPDate.format(secondsSinceEpoch: seconds, into: &line)
    line.append("\r\n" as StaticString)
    return line
  }
}
