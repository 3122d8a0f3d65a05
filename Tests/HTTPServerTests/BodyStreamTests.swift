import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HTTPServer

@Suite("Body stream")
struct BodyStreamTests {
  private final class Calls: Sendable {
    let begun = Monitor(0)
    let resumed = Monitor(0)
  }

  private func stream(limit: Int, _ calls: Calls) -> BodyStream {
    BodyStream(
      limit: limit,
      loop: MultiThreadedEventLoopGroup.singleton.next(),
      begin: {
        calls.begun.withLock { $0 += 1 }
        calls.begun.broadcast()
      },
      resume: {
        calls.resumed.withLock { $0 += 1 }
        calls.resumed.broadcast()
      }
    )
  }

  private func text(_ piece: BodyStream.Piece) -> String {
    switch piece {
    case .data(var data): sequence(state: ()) { _ in data.popFirst() }.map { String(buffer: $0) }.joined()
    case .end: "end"
    case .broken: "broken"
    }
  }

  @Test func piecesComeInTheirOrderAndNeverMoreThanWasAskedFor() {
    let stream = stream(limit: 100, Calls())
    stream.append(ByteBuffer(string: "abcdef"))
    stream.append(ByteBuffer(string: "gh"))
    stream.finish()
    let pieces = (0..<5).map { _ in text(stream.read(atMost: 4)) }
    #expect(pieces == ["abcd", "efgh", "end", "end", "end"])
  }

  @Test func theFirstReadAsksForTheBodyOnce() {
    let calls = Calls()
    let stream = stream(limit: 100, calls)
    stream.append(ByteBuffer(string: "ab"))
    _ = stream.read(atMost: 1)
    _ = stream.read(atMost: 1)
    #expect(calls.begun.wait(milliseconds: 10_000) { $0 == 1 ? () : nil } != nil)
  }

  @Test func aFullStreamIsBusyUntilThereIsRoomAndSaysSoOnce() {
    let calls = Calls()
    let stream = stream(limit: 4, calls)
    stream.append(ByteBuffer(string: "abc"))
    #expect(!stream.isBusy)
    stream.append(ByteBuffer(string: "d"))
    #expect(stream.isBusy)
    #expect(text(stream.read(atMost: 1)) == "a")
    #expect(calls.resumed.wait(milliseconds: 10_000) { $0 == 1 ? () : nil } != nil)
    #expect(!stream.isBusy)
  }

  @Test func whatIsBrokenOffDropsWhatWasThere() {
    let stream = stream(limit: 100, Calls())
    stream.append(ByteBuffer(string: "abc"))
    stream.cancel()
    stream.finish()
    #expect(text(stream.read(atMost: 4)) == "broken")
  }

  @Test func manySmallPiecesTakeNoMoreMemoryThanTheirBytes() {
    let stream = stream(limit: 100_000, Calls())
    for _ in 0..<1000 { stream.append(ByteBuffer(string: "x")) }
    let first = text(stream.read(atMost: 100_000))
    #expect(first.count == 1000)
  }

  @Test func whoWantsAllOfThemIsNotWokenBefore() {
    let stream = stream(limit: 100, Calls())
    let read = Monitor<String?>(nil)
    DispatchQueue.global().async {
      let got = text(stream.read(atMost: 6, fully: true))
      read.withLock { $0 = got }
      read.broadcast()
    }
    stream.append(ByteBuffer(string: "abcd"))
    #expect(read.wait(milliseconds: 50) { $0 } == nil)
    stream.append(ByteBuffer(string: "efgh"))
    #expect(read.wait(milliseconds: 10_000) { $0 } == "abcdef")
    stream.finish()
    #expect(text(stream.read(atMost: 6, fully: true)) == "gh")
    #expect(text(stream.read(atMost: 6, fully: true)) == "end")
  }

  @Test func whoWantsMoreThanThereIsRoomForGetsWhatThereIs() {
    let stream = stream(limit: 4, Calls())
    stream.append(ByteBuffer(string: "abcde"))
    #expect(text(stream.read(atMost: 1000, fully: true)) == "abcde")
  }

  @Test(arguments: ["end", "broken"])
  func whoWaitsForMoreThanWillComeIsWoken(by end: String) {
    let stream = stream(limit: 100, Calls())
    let read = Monitor<String?>(nil)
    stream.append(ByteBuffer(string: "ab"))
    DispatchQueue.global().async {
      let got = text(stream.read(atMost: 6, fully: true))
      read.withLock { $0 = got }
      read.broadcast()
    }
    #expect(read.wait(milliseconds: 50) { $0 } == nil)
    if end == "end" { stream.finish() } else { stream.cancel() }
    #expect(read.wait(milliseconds: 10_000) { $0 } == (end == "end" ? "ab" : "broken"))
  }

  @Test func twoReadersWhoWantDifferentCountsBothGoOn() {
    let stream = stream(limit: 100, Calls())
    let reads = Monitor<[String]>([])
    for count in [1, 6] {
      DispatchQueue.global().async {
        let got = text(stream.read(atMost: count, fully: true))
        reads.withLock { $0.append(got) }
        reads.broadcast()
      }
    }
    stream.append(ByteBuffer(string: "abc"))
    #expect(reads.wait(milliseconds: 10_000) { $0.count == 1 ? $0 : nil } == ["a"])
    stream.append(ByteBuffer(string: "defg"))
    #expect(reads.wait(milliseconds: 10_000) { $0.count == 2 ? $0 : nil } == ["a", "bcdefg"])
  }
}
