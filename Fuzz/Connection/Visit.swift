import FuzzSupport
import HTTPCore
import Logging
import NIOCore
import NIOEmbedded

@testable import HTTPServer

/// One connection from its first byte to its end, without a network: what was sent to it, and what it did.
final class Visit {
  /// A request that has reached the application.
  struct Request: Equatable {
    let method: HTTPMethod
    let version: HTTPVersion
    let target: String
    let way: Way
  }

  private(set) var requests: [Request] = []
  private(set) var rejections = 0
  private(set) var output: [UInt8] = []
  private(set) var isOver = false
  /// Nil once nobody needs it any more.
  private(set) weak var handler: ConnectionHandler?
  private var finished = 0
  private var lastNoted: UInt64?
  private var waiting: [Exchange] = []
  private let channel = EmbeddedChannel()

  /// - Parameter sizes: of the pieces in which the bytes come; none for one.
  init(_ bytes: [UInt8], sizes: [Int], to site: Site, endsInput: Bool, drains: Bool) {
    site.application.visit = self
    defer { site.application.visit = nil }
    do {
      let loop = LoopContext(eventLoop: channel.embeddedEventLoop, server: site.server)
      let handler = ConnectionHandler(loop)
      self.handler = handler
      try channel.pipeline.syncOperations.addHandler(handler)
      try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
      var start = 0
      for size in sizes + [bytes.count] {
        let end = min(start + size, bytes.count)
        guard end > start, channel.isActive else { break }
        try channel.writeInbound(ByteBuffer(bytes: bytes[start..<end]))
        channel.embeddedEventLoop.run()
        start = end
      }
      if endsInput, channel.isActive {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
      }
      if drains { handler.drain() }
      answerWaiting()
      // An hour later nothing is expected of anybody any more; what is left lingers, and has its own hour.
      for hours in 1...3 { handler.checkDeadline(.now() + .hours(Int64(hours))) }
      answerWaiting()
      isOver = !channel.isActive
      if channel.isActive { try channel.close().wait() }
      channel.embeddedEventLoop.run()
    } catch {
      require(false, "the channel is sound: \(error)")
    }
    requireEqual(finished, requests.count, "each exchange ends, and once")
  }

  func begin(_ exchange: Exchange) {
    let way = Way(exchange)
    note(exchange, way)
    if way == .later { waiting.append(exchange) } else { exchange.answer(way) }
  }

  func end(_ exchange: Exchange) {
    // The server itself has answered it.
    if exchange.sequence != lastNoted { note(exchange, .declined) }
    finished += 1
  }

  func reject() { rejections += 1 }

  private func note(_ exchange: Exchange, _ way: Way) {
    lastNoted = exchange.sequence
    requests.append(
      Request(
        method: exchange.head.method,
        version: exchange.head.version,
        target: exchange.string(exchange.head.targetSpan),
        way: way
      )
    )
  }

  private func answerWaiting() {
    repeat {
      let now = waiting
      waiting = []
      for exchange in now { exchange.answer(.echo) }
      collectOutput()
    } while !waiting.isEmpty
  }

  private func collectOutput() {
    channel.embeddedEventLoop.run()
    while let part = try? channel.readOutbound(as: IOData.self) {
      if case .byteBuffer(let buffer) = part { output += Array(buffer.readableBytesView) }
    }
  }
}

/// A server, and the application that it asks.
final class Site: Sendable {
  let server: HTTPServer
  let application = Application()

  init(_ change: (inout ServerConfiguration) -> Void) {
    var configuration = ServerConfiguration()
    change(&configuration)
    server = HTTPServer(
      configuration: configuration,
      handlers: [application],
      observer: application,
      logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
    )
  }
}

/// Passes on what it is asked to the visit of the moment.
final class Application: ExchangeHandler, ExchangeObserver {
  // The fuzzer has one thread, and the embedded loop runs on it.
  nonisolated(unsafe) weak var visit: Visit?

  func handle(_ exchange: Exchange) { visit?.begin(exchange) }

  func exchangeEnded(_ exchange: Exchange, _ result: ExchangeResult) { visit?.end(exchange) }

  func requestRejected(_ rejection: RejectedRequest) { visit?.reject() }
}
