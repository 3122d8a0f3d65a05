import Glibc
import NIOCore
import Testing

@testable import HTTPServer

@Suite struct FilePumpTests {
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

  /// A file of so many bytes, which has no name any more.
  private func file(_ size: Int) throws -> OpenFile {
    var template = Array("/tmp/martlet-pump-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    unlink(template)
    try #require(ftruncate(descriptor, off_t(size)) == 0)
    return OpenFile(owning: descriptor)
  }

  @Test func `pieces come in their order, and long ones in parts`() throws {
    let file = try file(3 << 20)
    var pump = FilePump(
      [
        .bytes(ByteBuffer(string: "first")), .file(FileSlice(file: file, offset: 10, count: (1 << 20) + 5)),
        .bytes(ByteBuffer(string: "last")),
      ],
      rate: nil,
      at: start
    )
    #expect(pump.takeSlice() == nil)
    #expect(pump.takeBytes().map { String(buffer: $0) } == "first")
    #expect(pump.takeBytes() == nil)
    #expect(pump.takeSlice().map { [$0.offset, $0.count] } == [10, 1 << 20])
    #expect(pump.takeSlice().map { [$0.offset, $0.count] } == [10 + (1 << 20), 5])
    #expect(pump.takeBytes().map { String(buffer: $0) } == "last")
    #expect(pump.takeBytes() == nil && pump.takeSlice() == nil)
    #expect(pump.pause(at: start) == nil)
  }

  @Test
  func
    `a file that is shorter than the furthest of its pieces has shrunk, also while the last is on its way`()
    throws
  {
    let file = try file(100)
    var pump = FilePump(
      [
        .file(FileSlice(file: file, offset: 90, count: 10)),
        .file(FileSlice(file: file, offset: 0, count: 10)),
      ],
      rate: nil,
      at: start
    )
    #expect(!pump.hasShrunk)
    _ = pump.takeSlice()
    _ = pump.takeSlice()
    #expect(!pump.hasShrunk)
    ftruncate(file.descriptor, 99)
    #expect(pump.hasShrunk)
    #expect(!FilePump([.bytes(ByteBuffer(string: "x"))], rate: nil, at: start).hasShrunk)
  }

  @Test func `with a limit a second's bytes take a second, in four pieces`() throws {
    let file = try file(8000)
    var pump = FilePump([.file(FileSlice(file: file, offset: 0, count: 8000))], rate: 4000, at: start)
    for quarter in 1...8 {
      #expect(pump.takeSlice()?.count == 1000)
      let next = start + .milliseconds(Int64(quarter) * 250)
      // At the end there is nothing to wait for.
      #expect(pump.pause(at: start) == (quarter == 8 ? nil : next))
      #expect(pump.pause(at: next) == nil)
    }
    #expect(pump.takeSlice() == nil)
  }

  @Test func `bytes in memory are held to the limit too`() {
    var pump = FilePump([.bytes(ByteBuffer(repeating: 1, count: 2500))], rate: 4000, at: start)
    #expect(
      [pump.takeBytes(), pump.takeBytes(), pump.takeBytes()].map { $0?.readableBytes } == [1000, 1000, 500]
    )
    #expect(pump.takeBytes() == nil)
  }

  @Test func `no rate and no size make the time overflow`() {
    var pace = SendPace(rate: 1, start: start)
    pace.add(.max)
    #expect(pace.next > start)
    #expect(SendPace(rate: 0, start: start).next == start)
  }
}
