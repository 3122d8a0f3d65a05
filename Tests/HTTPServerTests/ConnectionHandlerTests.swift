import HTTPCore
import Logging
import NIOCore
import NIOEmbedded
import NIOPosix
import Testing

@testable import HTTPServer

/// A connection without a network: what is sent to it, and what it writes.
private final class Wire {
  let channel = EmbeddedChannel()
  private let server: HTTPServer

  init(
    _ configuration: ServerConfiguration = ServerConfiguration(),
    handle: @escaping @Sendable (Exchange) -> Void
  ) throws {
    server = HTTPServer(
      configuration: configuration,
      handlers: [ClosureHandler(handle: handle)],
      observer: nil,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
    let loop = LoopContext(eventLoop: channel.embeddedEventLoop, server: server)
    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop))
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).wait()
  }

  /// Sends bytes and returns what has been written since the last time.
  func send(_ text: String) throws -> String {
    if channel.isActive { try channel.writeInbound(ByteBuffer(string: text)) }
    return try written()
  }

  func written() throws -> String {
    channel.embeddedEventLoop.run()
    var output = ""
    while let part = try channel.readOutbound(as: IOData.self) {
      guard case .byteBuffer(let buffer) = part else { continue }
      output += String(buffer: buffer)
    }
    return output
  }
}

private struct ClosureHandler: ExchangeHandler {
  let handle: @Sendable (Exchange) -> Void

  func handle(_ exchange: Exchange) { handle(exchange) }
}

/// Says the request's target and body.
@Sendable private func echo(_ exchange: Exchange) {
  exchange.collectBody { exchange in
    var text = exchange.string(exchange.head.targetSpan)
    if case .memory(let body) = exchange.body { text += " " + String(buffer: body) }
    exchange.respond(ResponseHead(status: .ok), .bytes(ByteBuffer(string: text + "\n")))
  }
}

@Suite("Connection handler")
struct ConnectionHandlerTests {
  @Test func pipelinedRequestsAreAnsweredInTheirOrder() throws {
    let wire = try Wire(handle: echo)
    let output = try wire.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
    let bodies = output.split(separator: "\r\n").filter { $0.hasPrefix("/") }
    #expect(bodies.map { $0.prefix(3) } == ["/1\n", "/2\n"])
  }

  @Test func bodiesArriveHoweverTheyAreCut() throws {
    let wire = try Wire(handle: echo)
    let request =
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    var output = ""
    for character in request.unicodeScalars { output += try wire.send(String(character)) }
    #expect(output.hasSuffix("/p abcde\n"))
  }

  @Test func afterAMalformedRequestNothingIsParsed() throws {
    let wire = try Wire(handle: echo)
    let output = try wire.send("GET / HTTP/1.1\r\nHost : x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(output.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    #expect(output.contains("Connection: close\r\n"))
    #expect(!output.contains("/2"))
    #expect(try wire.send("GET /3 HTTP/1.1\r\nHost: x\r\n\r\n").isEmpty)
  }

  @Test func continueIsSentBeforeTheBodyIsAwaited() throws {
    let wire = try Wire(handle: echo)
    let head = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    #expect(try wire.send(head) == "HTTP/1.1 100 Continue\r\n\r\n")
    #expect(try wire.send("ok").hasSuffix("/p ok\n"))
  }

  @Test func aStreamIsChunkedAndEndsWithTheLastChunk() throws {
    let wire = try Wire { exchange in
      exchange.post(.head(ResponseHead(status: .ok)))
      exchange.post(.data(ByteBuffer(string: "abc")))
      exchange.post(.end)
    }
    let output = try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(output.contains("Transfer-Encoding: chunked\r\n"))
    #expect(output.hasSuffix("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    #expect(wire.channel.isActive)
  }

  @Test func aBrokenStreamIsCutWithoutALastChunk() throws {
    let wire = try Wire { exchange in
      exchange.post(.head(ResponseHead(status: .ok)))
      exchange.post(.data(ByteBuffer(string: "abc")))
      exchange.post(.fail(.internalServerError))
    }
    let output = try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(!output.contains("0\r\n\r\n"))
    #expect(!wire.channel.isActive)
  }

  @Test func whatExceedsTheDeclaredLengthIsCut() throws {
    let wire = try Wire { exchange in
      var head = ResponseHead(status: .ok)
      head.fields.setContentLength(2)
      exchange.post(.head(head))
      exchange.post(.data(ByteBuffer(string: "abc")))
      exchange.post(.end)
    }
    #expect(try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hasSuffix("\r\n\r\nab"))
    #expect(wire.channel.isActive)
  }

  @Test func aShortResponseCutsTheConnection() throws {
    let wire = try Wire { exchange in
      var head = ResponseHead(status: .ok)
      head.fields.setContentLength(4)
      exchange.post(.head(head))
      exchange.post(.data(ByteBuffer(string: "abc")))
      exchange.post(.end)
    }
    _ = try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(!wire.channel.isActive)
  }

  @Test func headHasTheLengthAndNoBody() throws {
    let wire = try Wire(handle: echo)
    let output = try wire.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(output.contains("Content-Length: 3\r\n"))
    #expect(output.hasSuffix("\r\n\r\n"))
  }

  @Test func aClientThatGoesAwayCancelsItsExchange() throws {
    let seen = Monitor<Exchange?>(nil)
    let wire = try Wire { exchange in seen.withLock { $0 = exchange } }
    _ = try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    let exchange = try #require(seen.withLock { $0 })
    let finished = Monitor(0)
    exchange.whenFinished { finished.withLock { $0 += 1 } }
    #expect(!exchange.isCancelled)
    try wire.channel.close().wait()
    #expect(exchange.isCancelled)
    #expect(finished.withLock { $0 } == 1)
    // Parts that come too late are dropped.
    exchange.post(.whole(ResponseHead(status: .ok), .none))
    #expect(try wire.written().isEmpty)
  }

  /// The exchange, its body and its connection know each other; at the end none of them may keep the others.
  @Test(arguments: [true, false]) func aStreamedRequestIsGoneWhenItIsOver(isAnswered: Bool) throws {
    let seen = Monitor<Exchange?>(nil)
    let wire = try Wire { exchange in
      exchange.streamBody()
      seen.withLock { $0 = exchange }
    }
    _ = try wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    weak var exchange = seen.withLock { $0 }
    seen.withLock { $0 = nil }
    guard case .stream(let stream) = exchange?.body else {
      Issue.record("the body is not streamed")
      return
    }
    guard case .data = stream.read(atMost: 2) else {
      Issue.record("what had come is not there")
      return
    }
    if isAnswered {
      #expect(try wire.send("cd").isEmpty)
      exchange?.post(.whole(ResponseHead(status: .ok), .none))
      #expect(try wire.written().hasPrefix("HTTP/1.1 200 OK\r\n"))
    } else {
      try wire.channel.close().wait()
      _ = try wire.written()
    }
    #expect(exchange == nil)
  }

  /// What is posted is released again, whatever becomes of it: who waits for room must not wait for ever.
  @Test(arguments: ["HTTP/1.1", "HTTP/1.0"]) func informationalResponsesTakeRoomUntilTheyAreSent(
    version: String
  ) throws {
    var configuration = ServerConfiguration()
    configuration.responseBuffer = 100
    let seen = Monitor<Exchange?>(nil)
    let wire = try Wire(configuration) { exchange in seen.withLock { $0 = exchange } }
    _ = try wire.send("GET / \(version)\r\nHost: x\r\n\r\n")
    let exchange = try #require(seen.withLock { $0 })
    let hints = ResponsePart.interim(ResponseHead(status: .earlyHints))
    let flow = exchange.flow()
    for end: ResponsePart? in [nil, .whole(ResponseHead(status: .ok), .none)] {
      #expect(!flow.add(hints.weight))
      exchange.post(hints)
      if let end { exchange.post(end) }
      _ = try wire.written()
      // It would wait here if anything were left.
      flow.waitForRoom()
    }
    #expect(!flow.add(hints.weight))
    exchange.post(hints)
    _ = try wire.written()
    flow.waitForRoom()
  }

  @Test func anIdleConnectionIsClosedInTime() throws {
    var configuration = ServerConfiguration()
    configuration.keepAlive = .milliseconds(1)
    let wire = try Wire(configuration, handle: echo)
    _ = try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    let handler = try wire.channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
    handler.checkDeadline(.now() + .seconds(1))
    #expect(!wire.channel.isActive)
  }

  @Test func aHeadThatTakesTooLongIs408() throws {
    let wire = try Wire(handle: echo)
    _ = try wire.send("GET / HTT")
    let handler = try wire.channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
    handler.checkDeadline(.now() + .hours(1))
    #expect(try wire.written().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
  }

  @Test func whatWasReadIsNotKept() throws {
    let wire = try Wire(handle: echo)
    let request = "GET /" + String(repeating: "x", count: 4000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
    let half = String(request.prefix(2000))
    let rest = String(request.dropFirst(2000))
    let handler = try wire.channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
    _ = try wire.send(half)
    // There is always something left over, so the buffer is never empty.
    for _ in 0..<1000 { _ = try wire.send(rest + half) }
    #expect(handler.input.readableBytes == 2000)
    #expect(handler.input.capacity < 64 << 10)
  }

  @Test func connectIsNoTunnel() throws {
    let wire = try Wire(handle: echo)
    let output = try wire.send("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n")
    #expect(output.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
  }

  @Test func aBodyThatTheAnswerDidWithoutGetsNoAnswerOfItsOwn() throws {
    let wire = try Wire { $0.respond(ResponseHead(status: .ok), .none) }
    let output = try wire.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nbad\r\n")
    #expect(output.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(output.split(separator: "HTTP/1.1 ").count == 1)
    #expect(try wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").isEmpty)
  }
}
