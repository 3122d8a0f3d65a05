import HTTPServer
import NIOCore
import Testing

@testable import StaticFiles

@Suite struct MultipartRangesTests {
  private let ranges = [ByteRange(first: 2, last: 3), ByteRange(first: 7, last: 9)]

  @Test func `each part has its type and its place, and the count is that of all bytes`() {
    let parts = MultipartRanges(ranges, of: 10, type: Array("text/plain".utf8), boundary: Array("B".utf8))
    let file = FileMetadata(size: 10, modified: 0, modifiedNanoseconds: 0, inode: 0, device: 0)
    let body = parts.pieces(of: Representation(ByteBuffer(string: "0123456789"), of: file)).map { piece in
      if case .bytes(let bytes) = piece { String(buffer: bytes) } else { "" }
    }
    .joined()
    #expect(
      body == "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 2-3/10\r\n\r\n23"
        + "\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 7-9/10\r\n\r\n789\r\n--B--\r\n"
    )
    #expect(parts.count == Int64(body.utf8.count))
    #expect(parts.contentType == Array("multipart/byteranges; boundary=B".utf8))
  }

  @Test func `the count of the largest file there can be overflows nothing`() {
    let most = [ByteRange(first: 0, last: .max - 3), ByteRange(first: .max - 1, last: .max - 1)]
    #expect(MultipartRanges(most, of: .max, type: []).count == .max)
  }

  @Test func `no two boundaries are alike, and each is a token of RFC 2046's length`() {
    let boundaries = (0..<100).map { _ in MultipartRanges.randomBoundary() }
    #expect(Set(boundaries).count == 100)
    #expect(boundaries.allSatisfy { $0.count == 32 })
  }
}
