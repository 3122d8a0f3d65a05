import FuzzSupport
import HTTPCore
import Testing

/// Mutated requests and bodies, always the same ones: nothing traps, and how they are cut changes nothing.
@Suite("Mutation fuzzing")
struct MutationFuzzTests {
  private static let heads = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nPOST /a%20b?c=d&e HTTP/1.1\r\nHost: example.com:80\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n",
    "PUT http://u.example/%41 HTTP/1.1\r\nHost: [::1]:1\r\nTransfer-Encoding: chunked\r\nConnection: a, close\r\n\r\n",
    "CONNECT b.example:443 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: \u{e9}\t\"q\"\r\nKeep-Alive: 5\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\nExpect: 100-continue\r\n\r\n",
  ]

  private static let bodies = [
    "5\r\nhello\r\n0\r\n\r\n",
    "1;a=b;c=\"d\\\"e\"\r\nx\r\nA\r\n0123456789\r\n00;f\r\nT: v\r\nU:\r\n\r\nGET /",
    "7fffffffffffffff\r\nx", "3\r\nabc\r\n3\r\ndef\r\n0\r\nA: b\r\n\r\n",
  ]

  /// Pieces that have meant trouble to parsers.
  private static let dictionary = [
    "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", "\0", ":", ";", ",", "\"", "\\", "%", "%00", "%2", "/", "//",
    "?", "#", "*",
    "\u{b}", "\u{7f}", "\u{80}", "\u{ff}", "HTTP/1.1", "HTTP/2.0", "chunked",
    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 9223372036854775808\r\n", "Content-Length: 5\r\n", "Host: b\r\n", "[", "]", "::", "@",
    "http://", "0", "-1",
    "+", "0x", "ffffffffffffffff", "8000000000000000", "0\r\n\r\n",
  ].map { [UInt8](latin1: $0) }

  private static func mutate(_ seed: [UInt8], using random: inout SplitMix64) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2 where place < bytes.count:
        bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...5, using: &random)))
      case 3 where place < bytes.count:
        bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
      default: bytes.insert(contentsOf: dictionary.randomElement(using: &random) ?? [], at: place)
      }
    }
    return bytes
  }

  @Test("20,000 mutated heads get one verdict each, however they are cut", arguments: [false, true])
  func mutatedHeads(_ isTight: Bool) {
    let limits = isTight ? .tight : HTTPLimits()
    var random = SplitMix64(seed: isTight ? 1 : 2)
    let seeds = Self.heads.map { [UInt8](latin1: $0) }
    var verdicts = (complete: 0, rejected: 0, incomplete: 0)
    for round in 0..<10_000 {
      let input = Self.mutate(seeds[round % seeds.count], using: &random)
      let whole = HeadReplay.parse(input, endingAt: [input.count], limits)
      let bytewise = HeadReplay.parse(input, endingAt: Array(0...input.count), limits)
      let cut = Int.random(in: 0...input.count, using: &random)
      let halves = HeadReplay.parse(input, endingAt: [cut, input.count], limits)
      if whole != bytewise || whole != halves {
        Issue.record("\(whole) / \(bytewise) / \(halves): \(input.latin1.debugDescription)")
        return
      }
      switch whole {
      case .complete(let head, let length):
        verdicts.complete += 1
        checkSpans(of: head, within: length, input)
      case .rejected: verdicts.rejected += 1
      case .incomplete: verdicts.incomplete += 1
      }
    }
    // The mutations must reach all outcomes to say anything.
    #expect(verdicts.complete > 500 && verdicts.rejected > 2000 && verdicts.incomplete > 50, "\(verdicts)")
  }

  @Test("20,000 mutated chunked bodies get one verdict each, however they are cut", arguments: [false, true])
  func mutatedBodies(_ isTight: Bool) {
    let limits = isTight ? .tight : HTTPLimits()
    var random = SplitMix64(seed: isTight ? 3 : 4)
    let seeds = Self.bodies.map { [UInt8](latin1: $0) }
    var verdicts = (complete: 0, rejected: 0, incomplete: 0)
    for round in 0..<10_000 {
      let input = Self.mutate(seeds[round % seeds.count], using: &random)
      let whole = ChunkReplay.decode(input, cutAt: [], limits)
      let bytewise = ChunkReplay.decode(input, cutAt: Array(input.indices), limits)
      let halves = ChunkReplay.decode(input, cutAt: [Int.random(in: 0...input.count, using: &random)], limits)
      if whole != bytewise || whole != halves {
        Issue.record("\(whole) / \(bytewise) / \(halves): \(input.latin1.debugDescription)")
        return
      }
      switch whole {
      case .complete: verdicts.complete += 1
      case .rejected: verdicts.rejected += 1
      case .incomplete: verdicts.incomplete += 1
      }
    }
    #expect(verdicts.complete > 500 && verdicts.rejected > 2000 && verdicts.incomplete > 50, "\(verdicts)")
  }

  /// What a consumer relies on for every accepted head.
  private func checkSpans(of head: RequestHead, within length: Int, _ input: [UInt8]) {
    let spans =
      [head.methodSpan, head.targetSpan, head.pathSpan, head.querySpan, head.authoritySpan].compactMap { $0 }
      + head.fields.flatMap { [$0.name, $0.value] }
    for span in spans where span.range.upperBound > length { Issue.record("\(span) of \(length)") }
    if let path = head.pathSpan { #expect(path.bytes(in: input.span.bytes).first == UInt8(ascii: "/")) }
    for field in head.fields {
      #expect(!field.name.isEmpty)
      let value = field.value.bytes(in: input.span.bytes)
      #expect(!value.contains { $0 == 0 || $0 == 10 || $0 == 13 })
    }
  }
}
