import HTTPCore
import Testing

@testable import StaticFiles

@Suite struct EntityTagTests {
  private func metadata(
    size: Int64 = 100,
    modified: Int64 = 1_700_000_000,
    nanoseconds: Int64 = 5,
    inode: UInt64 = 7
  ) -> FileMetadata {
    FileMetadata(size: size, modified: modified, modifiedNanoseconds: nanoseconds, inode: inode, device: 1)
  }

  @Test func `a file's tag is strong, and its numbers are kept apart`() {
    let tag = EntityTag(metadata())
    #expect(!tag.isWeak)
    #expect(String(decoding: tag.fieldValue, as: UTF8.self) == "\"6553f100.5-64-7\"")
  }

  @Test func `files whose numbers run together to the same digits have different tags`() {
    let files = [
      metadata(size: 0x1, modified: 0x23, nanoseconds: 0x4, inode: 0x5),
      metadata(size: 0x12, modified: 0x3, nanoseconds: 0x4, inode: 0x5),
      metadata(size: 0x1, modified: 0x2, nanoseconds: 0x34, inode: 0x5),
      metadata(size: 0x45, modified: 0x23, nanoseconds: 0x1, inode: 0x5),
      metadata(size: 0x4, modified: 0x23, nanoseconds: 0x1, inode: 0x55),
    ]
    #expect(Set(files.map { EntityTag($0).opaque }).count == files.count)
  }

  @Test func `each of time, size and inode makes another tag`() {
    let tags = [
      metadata(), metadata(size: 101), metadata(modified: 1_700_000_001), metadata(nanoseconds: 6),
      metadata(inode: 8),
      metadata(modified: -1), metadata(modified: .max, nanoseconds: 999_999_999), metadata(modified: .min),
    ].map { EntityTag($0).opaque }
    #expect(Set(tags).count == tags.count)
  }

  @Test func `two codings of one file have two tags`() {
    #expect(EntityTag(metadata()) != EntityTag(metadata(), coding: "gzip"))
    #expect(EntityTag(metadata(), coding: "br") != EntityTag(metadata(), coding: "gzip"))
  }

  @Test func `Last-Modified is never in the future`() {
    #expect(Validators(metadata(modified: 50), now: 100).lastModified == 50)
    #expect(Validators(metadata(modified: .max), now: 100).lastModified == 100)
  }

  @Test(arguments: [
    (#""a""#, [(false, "a")]),
    (#""""#, [(false, "")]),
    (#"W/"a""#, [(true, "a")]),
    (#""a", W/"b" ,"c""#, [(false, "a"), (true, "b"), (false, "c")]),
    (#", "a",, "b","#, [(false, "a"), (false, "b")]),
    (#""a,b""#, [(false, "a,b")]),
    (#""a\", "b\\""#, [(false, #"a\"#), (false, #"b\\"#)]),
    (#""é""#, [(false, "é")]),
    ("", []),
    (" , ,", []),
  ])
  func `a list of tags is read`(value: String, tags: [(Bool, String)]) {
    let expected = tags.map { EntityTag(isWeak: $0.0, opaque: Array($0.1.utf8)) }
    #expect(EntityTagCondition(Array(value.utf8).span.bytes) == .tags(expected))
  }

  @Test func `a star stands for any representation`() {
    #expect(EntityTagCondition(Array("*".utf8).span.bytes) == .any)
  }

  @Test(arguments: [
    "a", #""a"#, #"a""#, #"w/"a""#, #"W/ "a""#, #""a" "b""#, #""a";"b""#, #""a", *"#, #"*, "a""#, "**",
    #""a b""#,
    "\"a\u{1}\"", "\"a\u{7F}\"", "W/", "\"", #""a", b"#,
  ])
  func `a malformed list matches nothing`(value: String) {
    #expect(EntityTagCondition(Array(value.utf8).span.bytes) == .tags([]))
  }
}
