import Glibc
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import HTTPServer

@Suite("Body collector")
struct BodyCollectorTests {
  /// Collects pieces on a real event loop; the next one is given when the collector wants more.
  private func collect(
    _ pieces: [String],
    threshold: Int,
    directory: String = "/tmp"
  ) -> Result<RequestBody, SpoolError>? {
    var configuration = ServerConfiguration()
    configuration.bodyBuffer = threshold
    configuration.temporaryDirectory = directory
    let server = HTTPServer(
      configuration: configuration,
      handlers: [],
      observer: nil,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let loop = LoopContext(eventLoop: MultiThreadedEventLoopGroup.singleton.next(), server: server)
    let result = Monitor<Result<RequestBody, SpoolError>?>(nil)
    loop.eventLoop.execute {
      let source = Source(pieces)
      source.collector = BodyCollector(
        loop: loop,
        resume: { source.feed() },
        completion: { outcome in
          result.withLock { $0 = outcome }
          result.broadcast()
        }
      )
      source.feed()
    }
    return result.wait(milliseconds: 10_000) { $0 }
  }

  /// Gives pieces as a client would whose reads are held back while the collector is busy.
  private final class Source {
    private var pieces: [String]
    var collector: BodyCollector?

    init(_ pieces: [String]) {
      self.pieces = pieces
    }

    func feed() {
      guard let collector else { return }
      while !collector.isBusy, !pieces.isEmpty { collector.append(ByteBuffer(string: pieces.removeFirst())) }
      if pieces.isEmpty {
        self.collector = nil
        collector.finish()
      }
    }
  }

  private func contents(_ body: RequestBody) throws -> String {
    switch body {
    case .none: return ""
    case .memory(let buffer): return String(buffer: buffer)
    case .stream: throw CancellationError()
    case .file(let file):
      let open = OpenFile(owning: try #require(file.duplicate()))
      var bytes = [UInt8](repeating: 0, count: Int(file.count) + 1)
      let count = bytes.withUnsafeMutableBytes { pread(open.descriptor, $0.baseAddress, $0.count, 0) }
      return String(decoding: bytes[..<max(count, 0)], as: UTF8.self)
    }
  }

  @Test func aSmallBodyStaysInMemory() throws {
    let body = try #require(collect(["abc", "def"], threshold: 10)).get()
    guard case .memory = body else { throw Unexpected("\(body)") }
    #expect(try contents(body) == "abcdef")
  }

  @Test(arguments: [0, 1, 5, 9])
  func aLargerOneGoesToAFileWithoutAName(threshold: Int) throws {
    let body = try #require(collect(["abcde", "fghij", "k"], threshold: threshold)).get()
    guard case .file(let file) = body else { throw Unexpected("\(body)") }
    #expect(file.count == 11)
    #expect(try contents(body) == "abcdefghijk")
    var status = stat()
    let open = OpenFile(owning: try #require(file.duplicate()))
    #expect(fstat(open.descriptor, &status) == 0)
    #expect(status.st_nlink == 0)
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let result = try #require(collect(["abcdef"], threshold: 1, directory: "/nowhere/at/all"))
    guard case .failure(let error) = result else { throw Unexpected("\(result)") }
    #expect("\(error)".contains("/nowhere/at/all: open: No such file or directory"))
    #expect("\(error)".contains("TMPDIR"))
  }

  private struct Unexpected: Error {
    let what: String

    init(_ what: String) {
      self.what = what
    }
  }
}
