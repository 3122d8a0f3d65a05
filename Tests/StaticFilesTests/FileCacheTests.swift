import Glibc
import HTTPServer
import NIOCore
import Testing

@testable import StaticFiles

@Suite struct FileCacheTests {
  private let mount: StaticMount
  private let stamp: FileStamp

  init() throws {
    mount = try StaticMount(prefix: "/static", path: "/")
    var status = stat()
    try #require(lstat("/", &status) == 0)
    stamp = FileStamp(status)
  }

  private func file(_ name: String, size: Int = 1000) -> CachedFile {
    let content = ByteBuffer(repeating: 0x61, count: size)
    let source = FileSource(path: RelativePath(configured: name), stamp: stamp)
    return CachedFile(key: Array(name.utf8), mount: mount, source: source).adding(
      CachedForm(coding: nil, response: PreparedResponse(content))
    )
  }

  private func find(_ name: String, in cache: FileCache) -> CachedFile? {
    cache.find(Array(name.utf8).span.bytes)
  }

  @Test func `what was put in is found by its path and by no other`() {
    let cache = FileCache(limit: 1 << 20, fileLimit: 1 << 16)
    let a = file("/a")
    cache.insert(a)
    #expect(find("/a", in: cache) === a)
    for other in ["/b", "/A", "/a/", "/", "", "/aa", "a"] { #expect(find(other, in: cache) == nil) }
    let again = file("/a", size: 10)
    cache.insert(again)
    #expect(find("/a", in: cache) === again)
    #expect(cache.contents.files == 1)
    cache.remove(a)
    #expect(find("/a", in: cache) == nil)
    #expect(cache.contents == (0, 0))
  }

  @Test func `it never takes more than it may, and keeps what is used`() {
    let cache = FileCache(limit: 100_000, fileLimit: 1 << 16)
    cache.insert(file("/used"))
    for number in 0..<2000 {
      cache.insert(file("/\(number)", size: number % 5000))
      #expect(cache.contents.bytes <= 100_000)
      #expect(find("/used", in: cache) != nil)
    }
    #expect(cache.contents.files > 10)
    #expect(find("/1999", in: cache) != nil)
    #expect(find("/0", in: cache) == nil)
  }

  @Test func `files of no bytes have their price, and what is too large is not kept`() {
    let cache = FileCache(limit: 20_000, fileLimit: 1 << 16)
    for number in 0..<1000 { cache.insert(file("/\(number)", size: 0)) }
    #expect(cache.contents.files <= 20)
    cache.insert(file("/large", size: 30_000))
    #expect(find("/large", in: cache) == nil)
    // One file takes an eighth at most, and what is kept for a path goes when that becomes too much.
    cache.insert(file("/0", size: 10))
    cache.insert(file("/0", size: 3000))
    #expect(find("/0", in: cache) == nil)
    #expect(cache.contents.bytes <= 20_000)
    let none = FileCache(limit: 0, fileLimit: 0)
    none.insert(file("/a"))
    #expect(none.contents == (0, 0))
  }

  @Test func `what is counted is the memory that is taken, and not what of it is used`() {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(5000)
    buffer.writeString("a")
    #expect(PreparedResponse(buffer).byteCount >= 5000)
  }

  @Test func `a change that might not show is not settled`() {
    var status = stat()
    status.st_ctim.tv_sec = 1000
    status.st_mtim.tv_sec = 900
    #expect(FileStamp(status).isSettled(at: 1003))
    for now in [1002, 1000, 999, 0] as [Int64] { #expect(!FileStamp(status).isSettled(at: now)) }
    status.st_mtim.tv_sec = 2000
    #expect(!FileStamp(status).isSettled(at: 1500))
  }

  @Test func `every field that the kernel can change tells stamps apart`() {
    let changes: [(inout stat) -> Void] = [
      { $0.st_dev += 1 }, { $0.st_ino += 1 }, { $0.st_size += 1 }, { $0.st_mtim.tv_sec += 1 },
      { $0.st_mtim.tv_nsec += 1 }, { $0.st_ctim.tv_sec += 1 }, { $0.st_ctim.tv_nsec += 1 },
    ]
    for change in changes {
      var status = stat()
      let before = FileStamp(status)
      change(&status)
      #expect(FileStamp(status) != before)
    }
  }
}
