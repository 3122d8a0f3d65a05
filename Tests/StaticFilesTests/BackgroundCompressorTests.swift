import ContentCoding
import Glibc
import HTTPServer
import NIOCore
import Synchronization
import Testing

@testable import StaticFiles

@Suite struct BackgroundCompressorTests {
  private func opened(_ content: String, in root: String) throws -> (OpenFile, FileStamp) {
    try write("\(root)/new.txt", content)
    let file = OpenFile(owning: Glibc.open("\(root)/new.txt", O_RDONLY | O_CLOEXEC))
    return (file, try #require(FileStamp(ofFile: file.descriptor)))
  }

  @Test func `a file is coded, and no more of them once it is to stop`() async throws {
    let (root, base) = try makeTree()
    defer { remove(base) }
    let (file, stamp) = try opened(String(repeating: "what is said again and again ", count: 2000), in: root)
    let compressor = BackgroundCompressor()
    let outcome = await withCheckedContinuation { continuation in
      compressor.code(file, stamp, as: .gzip) { continuation.resume(returning: $0) }
    }
    guard case .coded(let content) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(content.readableBytes < 2000 && content.storageCapacity < 4000)

    compressor.stop()
    compressor.stop()
    let isCalled = Mutex(false)
    compressor.code(file, stamp, as: .gzip) { _ in isCalled.withLock { $0 = true } }
    #expect(!isCalled.withLock { $0 })
  }

  @Test func `one that was never used can be stopped`() throws {
    let compressor = BackgroundCompressor()
    compressor.stop()
    try withTree { root, _ in
      let (file, stamp) = try opened("a", in: root)
      let isCalled = Mutex(false)
      compressor.code(file, stamp, as: .gzip) { _ in isCalled.withLock { $0 = true } }
      #expect(!isCalled.withLock { $0 })
    }
  }

  @Test func `what would be no smaller is of no use, and what has changed is not coded`() async throws {
    let (root, base) = try makeTree()
    defer { remove(base) }
    let compressor = BackgroundCompressor()
    defer { compressor.stop() }
    func outcome(_ file: OpenFile, _ stamp: FileStamp) async -> BackgroundCompressor.Outcome {
      await withCheckedContinuation { continuation in
        compressor.code(file, stamp, as: .brotli) { continuation.resume(returning: $0) }
      }
    }
    let (file, stamp) = try opened("q", in: root)
    guard case .useless = await outcome(file, stamp) else {
      Issue.record("one byte was coded")
      return
    }
    try write("\(root)/new.txt", "other")
    guard case .failed = await outcome(file, stamp) else {
      Issue.record("a file that has changed was coded")
      return
    }
  }
}
