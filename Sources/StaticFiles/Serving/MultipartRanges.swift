import HTTPCore
import HTTPServer
import NIOCore

/// Several parts of a file as one body: `multipart/byteranges` (RFC 9110 14.6, RFC 2046 5.1).
///
/// The parts don't overlap, so all of it is the file and some lines for each of a bounded number of parts at most.
struct MultipartRanges {
  private let parts: [(header: [UInt8], range: ByteRange)]
  private let end: [UInt8]
  /// The value of `Content-Type`.
  let contentType: [UInt8]

  /// - Parameters:
  ///   - type: of the file, which each part repeats.
  ///   - boundary: it must not occur in the file: nobody can put there what nobody can foresee.
  init(_ ranges: [ByteRange], of size: Int64, type: [UInt8], boundary: [UInt8] = Self.randomBoundary()) {
    parts = ranges.map { range in
      var header: [UInt8] = []
      header.append("\r\n--" as StaticString)
      header.append(boundary)
      header.append("\r\nContent-Type: " as StaticString)
      header.append(type)
      header.append("\r\nContent-Range: " as StaticString)
      header.append(range.contentRange(of: size))
      header.append("\r\n\r\n" as StaticString)
      return (header, range)
    }
    end = Array("\r\n--".utf8) + boundary + Array("--\r\n".utf8)
    contentType = Array("multipart/byteranges; boundary=".utf8) + boundary
  }

  /// Bytes in all; the largest number there is for files whose size no disk could hold.
  var count: Int64 {
    parts.reduce(Int64(end.count)) { sum, part in
      sum.addingClamped(part.range.count).addingClamped(Int64(part.header.count))
    }
  }

  func pieces(of representation: Representation) -> [BodyPiece] {
    var pieces: [BodyPiece] = []
    for part in parts {
      pieces.append(.bytes(ByteBuffer(bytes: part.header)))
      switch representation.content {
      case .bytes(let bytes):
        pieces.append(.bytes(bytes.part(offset: part.range.first, count: part.range.count)))
      case .file(let file):
        pieces.append(.file(FileSlice(file: file, offset: part.range.first, count: part.range.count)))
      }
    }
    return pieces + [.bytes(ByteBuffer(bytes: end))]
  }

  /// 128 random bits of the system's.
  static func randomBoundary() -> [UInt8] {
    var boundary: [UInt8] = []
    for _ in 0..<2 {
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      boundary.append(
        contentsOf: Array(repeating: ASCII.zero, count: 16 - digits.utf8.count) + Array(digits.utf8)
      )
    }
    return boundary
  }
}

extension Int64 {
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
