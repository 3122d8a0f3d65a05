import Glibc
import HTTPCore
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServer

/// Both ends of a connection.
private final class Pair {
  let server: CInt
  let client: CInt

  /// - Parameter room: bytes that the kernel takes for the client, about.
  init(room: CInt? = nil) throws {
    var ends: [CInt] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    (server, client) = (ends[0], ends[1])
    guard var room else { return }
    setsockopt(server, SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<CInt>.size))
  }

  /// What has arrived.
  func received() -> String {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = recv(client, &bytes, bytes.count, CInt(MSG_DONTWAIT))
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  deinit {
    close(server)
    close(client)
  }
}

/// Keeps the request it gets.
private final class Keeper: ExchangeHandler, @unchecked Sendable {
  // One thread.
  var exchange: Exchange?

  func handle(_ exchange: Exchange) { self.exchange = exchange }
}

@Suite("Direct output")
struct DirectOutputTests {
  private let exchange: Exchange
  private let channel = EmbeddedChannel()
  private let pair: Pair
  private let output: DirectOutput

  init() throws {
    let keeper = Keeper()
    let server = HTTPServer(
      configuration: ServerConfiguration(),
      handlers: [keeper],
      observer: nil,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let loop = LoopContext(eventLoop: channel.embeddedEventLoop, server: server)
    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop))
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).wait()
    try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
    exchange = try #require(keeper.exchange)
    pair = try Pair()
    output = try #require(DirectOutput(copying: pair.server))
  }

  private func response(_ content: String) throws -> SerializedResponse {
    var head = ResponseHead(status: .ok)
    head.fields.setContentLength(Int64(content.utf8.count))
    let date = HTTPDateCache(secondsSinceEpoch: 0)
    guard
      var response = SerializedResponse(head, contentCount: content.utf8.count, for: exchange, date: date)
    else { throw CancellationError() }
    Array(content.utf8).withUnsafeBytes { response.append($0) }
    return response
  }

  @Test func aResponseThatIsOnOfferIsWrittenAndToldOnce() throws {
    output.offer(to: 7)
    var response = try response("hello")
    #expect(output.send(&response, for: 7))
    #expect(pair.received().hasSuffix("\r\n\r\nhello"))
    let sent = try #require(output.takeSent())
    #expect(sent.isWhole && sent.contentCount == 5 && sent.status == .ok)
    #expect(output.takeSent() == nil)
    #expect(output.withdraw() == nil)
  }

  @Test func anOfferIsForOneExchangeAndOneResponse() throws {
    var response = try response("hello")
    #expect(!output.send(&response, for: 7))
    output.offer(to: 7)
    #expect(!output.send(&response, for: 8))
    output.decline(for: 8)
    #expect(output.send(&response, for: 7))
    var second = try self.response("again")
    #expect(!output.send(&second, for: 7))
    #expect(!pair.received().contains("again"))
  }

  @Test func whatIsWithdrawnOrDeclinedIsNotWritten() throws {
    var response = try response("hello")
    output.offer(to: 7)
    #expect(output.withdraw() == nil)
    #expect(!output.send(&response, for: 7))
    output.offer(to: 7)
    output.decline(for: 7)
    #expect(!output.send(&response, for: 7))
    let hasBegun = response.hasBegun
    #expect(!hasBegun)
    #expect(pair.received().isEmpty)
  }

  @Test func aDeclineComesTooLateForWhatHasBeenWritten() throws {
    output.offer(to: 7)
    var response = try response("hello")
    #expect(output.send(&response, for: 7))
    output.decline(for: 7)
    #expect(output.withdraw()?.isWhole == true)
  }

  @Test func whatTheKernelHasNoRoomForIsLeft() throws {
    let pair = try Pair(room: 4096)
    let output = try #require(DirectOutput(copying: pair.server))
    output.offer(to: 7)
    let content = String(repeating: "x", count: 60_000)
    var response = try response(content)
    #expect(!output.send(&response, for: 7))
    let hasBegun = response.hasBegun
    #expect(hasBegun)
    let sent = try #require(output.withdraw())
    #expect(!sent.isWhole && sent.byteCount > 0)
    let rest = response.takeBytes()
    #expect(pair.received().utf8.count == sent.byteCount)
    #expect(rest.readableBytes < content.utf8.count)
    // Nothing goes out before the rest has.
    var second = try self.response("again")
    #expect(!output.send(&second, for: 7))
  }

  @Test func aLargeResponseIsLeftToTheLoop() throws {
    output.offer(to: 7)
    var response = try response(String(repeating: "x", count: DirectOutput.largest + 1))
    #expect(!output.send(&response, for: 7))
    let hasBegun = response.hasBegun
    #expect(!hasBegun)
  }

  @Test func afterTheEndNothingIsWritten() throws {
    output.offer(to: 7)
    output.close()
    output.close()
    var response = try response("hello")
    #expect(!output.send(&response, for: 7))
    #expect(pair.received().isEmpty)
  }

  @Test func copiesKeepOutOfTheUpperHalfOfTheNumbers() throws {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    try #require(getrlimit(resource, &limit) == 0)
    #expect(DirectOutput.limit == CInt(clamping: limit.rlim_cur / 2))
    #expect(DirectOutput(copying: pair.server, below: 0) == nil)
    #expect(DirectOutput(copying: -1) == nil)
  }
}
