import HTTPCore
import Testing

@testable import StaticFiles

@Suite struct ByteRangeTests {
  private func request(_ value: String, of size: Int64) -> RangeRequest {
    RangeRequest(Array(value.utf8).span.bytes, size: size, limit: 8)
  }

  @Test(arguments: [
    ("bytes=0-0", Int64(0), Int64(0)),
    ("bytes=0-9", 0, 9),
    ("bytes=2-5", 2, 5),
    ("bytes=2-", 2, 9),
    ("bytes=9-", 9, 9),
    ("bytes=5-100", 5, 9),
    ("bytes=-1", 9, 9),
    ("bytes=-10", 0, 9),
    ("bytes=-11", 0, 9),
    ("BYTES=000-0001", 0, 1),
    ("bytes=0-9223372036854775807", 0, 9),
    ("bytes=0-9223372036854775808", 0, 9),
    ("bytes=3-99999999999999999999999999", 3, 9),
    ("bytes=-9223372036854775808", 0, 9),
    ("bytes=-99999999999999999999999999", 0, 9),
  ])
  func `one range gives that part of ten bytes`(value: String, first: Int64, last: Int64) {
    #expect(request(value, of: 10) == .part(ByteRange(first: first, last: last)))
  }

  @Test(arguments: [
    "bytes=10-", "bytes=10-10", "bytes=11-20", "bytes=-0", "bytes=-000", "bytes=9223372036854775807-",
    "bytes=9223372036854775808-", "bytes=99999999999999999999-99999999999999999999",
  ])
  func `a range with no byte in the file cannot be satisfied`(value: String) {
    #expect(request(value, of: 10) == .unsatisfiable)
  }

  @Test(arguments: [
    "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=1-2-3", "bytes=--1", "bytes=1--2",
    "bytes=+1-2",
    "bytes= 1-2", "bytes=1 -2", "bytes=1-2 ", "bytes =1-2", "bytes=0x1-2", "bytes=1_0-20", "bytes=１-２",
    "seconds=1-2",
    "byte=1-2", "bytes:1-2", "0-1", "=0-1",
    // Hummingbird, Vapor CVE-2022-31005: the end before the start.
    "bytes=5-2", "bytes=1-0", "bytes=99999999999999999999-5",
    "bytes=0-1,5-2", "bytes=0-1,x", "bytes=0-1 2-3", "bytes=,", "bytes= ,", ",bytes=0-1", "bytes=0-1, ",
    // Apache's and Starlette's many ranges: more than the limit.
    "bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-", "bytes=0-0,2-2,4-4,6-6,8-8,20-,21-,22-,23-",
  ])
  func `a malformed range, or too many, are ignored`(value: String) {
    #expect(request(value, of: 10) == .whole)
  }

  @Test(arguments: [
    ("bytes=0-1,3-4", "0-1 3-4"),
    ("bytes=3-4,0-1", "3-4 0-1"),
    ("bytes=0-0,-1", "0-0 9-9"),
    ("bytes=8-,0-2,4-4", "8-9 0-2 4-4"),
    ("bytes=0-1 , 3-4", "0-1 3-4"),
    ("bytes=,0-1,,3-4,", "0-1 3-4"),
    ("bytes=0-1,20-30,3-4", "0-1 3-4"),
    // What overlaps or touches is joined, where the first of them stood.
    ("bytes=0-1,2-3,5-6", "0-3 5-6"),
    ("bytes=5-6,0-1,1-2", "5-6 0-2"),
    ("bytes=0-1,8-9,4-5,1-4", "0-5 8-9"),
    ("bytes=0-1,3-4,7-8,2-2", "0-4 7-8"),
  ])
  func `several ranges give several parts, in their order`(value: String, expected: String) {
    let request = request(value, of: 10)
    #expect(parts(of: request).map { "\($0.first)-\($0.last)" }.joined(separator: " ") == expected)
    guard case .parts = request else {
      Issue.record("one part")
      return
    }
  }

  @Test(arguments: [
    ("bytes=0-1,", Int64(0), Int64(1)),
    ("bytes=0-1,2-3", 0, 3),
    ("bytes=5-6,0-,2-3", 0, 9),
    ("bytes=0-1,-0", 0, 1),
    ("bytes=20-,3-4", 3, 4),
    // nginx CVE-2017-7529
    ("bytes=-17208,-9223372036854758792", 0, 9),
    ("bytes=0-,0-,0-,0-", 0, 9),
  ])
  func `several ranges of which one is left are one`(value: String, first: Int64, last: Int64) {
    #expect(request(value, of: 10) == .part(ByteRange(first: first, last: last)))
  }

  @Test func `several ranges without a byte in the file can't be satisfied`() {
    #expect(request("bytes=10-,20-30,-0", of: 10) == .unsatisfiable)
  }

  @Test func `without ranges allowed there are none`() {
    #expect(RangeRequest(Array("bytes=0-1".utf8).span.bytes, size: 10, limit: 0) == .whole)
  }

  @Test func `an empty file has no part`() {
    #expect(request("bytes=0-", of: 0) == .unsatisfiable)
    #expect(request("bytes=0-0", of: 0) == .unsatisfiable)
    #expect(request("bytes=-0", of: 0) == .unsatisfiable)
    #expect(request("bytes=-5", of: 0) == .whole)
  }

  @Test func `the largest file there can be overflows nothing`() {
    let size = Int64.max
    #expect(request("bytes=0-9223372036854775807", of: size) == .part(ByteRange(first: 0, last: size - 1)))
    #expect(request("bytes=-9223372036854775807", of: size) == .part(ByteRange(first: 0, last: size - 1)))
    #expect(
      request("bytes=9223372036854775806-", of: size) == .part(ByteRange(first: size - 1, last: size - 1))
    )
    #expect(request("bytes=9223372036854775807-", of: size) == .unsatisfiable)
    #expect(ByteRange(first: 0, last: size - 1).count == size)
  }

  @Test func `Content-Range says which part, or the size alone`() {
    #expect(ByteRange(first: 2, last: 5).contentRange(of: 10) == Array("bytes 2-5/10".utf8))
    let longest = ByteRange(first: .max - 1, last: .max - 1).contentRange(of: .max)
    #expect(longest.count == 6 + 19 + 1 + 19 + 1 + 19)
    #expect(ByteRange(first: 2, last: 5).count == 4)
    #expect(ByteRange.unsatisfiedContentRange(of: 10) == "bytes */10")
  }

  @Test func `no bytes at all make it trap or leave the file`() {
    // Every short text over the characters that the grammar turns on, behind the unit.
    let characters = Array("059-, ".utf8)
    for length in 0...5 {
      var text = Array("bytes=".utf8) + Array(repeating: characters[0], count: length)
      for number in 0..<(0..<length).reduce(1, { product, _ in product * characters.count }) {
        var rest = number
        for place in 0..<length {
          text[6 + place] = characters[rest % characters.count]
          rest /= characters.count
        }
        for size in [0, 1, 7] as [Int64] {
          for range in parts(of: RangeRequest(text.span.bytes, size: size, limit: 8)) {
            #expect(range.first >= 0 && range.first <= range.last && range.last < size)
          }
        }
      }
    }
  }

  private func parts(of request: RangeRequest) -> [ByteRange] {
    switch request {
    case .part(let range): [range]
    case .parts(let ranges): ranges
    case .whole, .unsatisfiable: []
    }
  }
}
