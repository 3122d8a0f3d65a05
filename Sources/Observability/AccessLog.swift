import HTTPCore
import HTTPServer
import Synchronization

/// One line for each request, in Gunicorn's default format, which is also Apache's and nginx's combined one:
///
///     %(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"
package final class AccessLog: ExchangeObserver {
  private let sink: LogSink
  private let clock = Mutex((second: 0, text: ""))

  package init(_ sink: LogSink) {
    self.sink = sink
  }

  package func exchangeEnded(_ exchange: Exchange, _ result: ExchangeResult) {
    var line = AccessLogLine()
    line.begin(host: exchange.clientHost, user: exchange.basicUser, time: currentTime())
    line.quote { line in
      exchange.withBytes(exchange.head.methodSpan) { line.escape($0) }
      line.append(" ")
      exchange.withBytes(exchange.head.targetSpan) { line.escape($0) }
      line.append(exchange.head.version == .http10 ? " HTTP/1.0" : " HTTP/1.1")
    }
    // nginx's 499: the client had gone before there was an answer.
    line.append(" \(result.status ?? 499) \(result.bodyBytes) ")
    for field in [KnownField.referer, .userAgent] {
      if field == .userAgent { line.append(" ") }
      line.quote { line in
        guard let span = exchange.head.first(field) else { return line.append("-") }
        exchange.withBytes(span) { line.escape($0) }
      }
    }
    sink.write(line.bytes)
  }

  package func requestRejected(_ request: RejectedRequest) {
    var line = AccessLogLine()
    line.begin(host: request.peer.remoteHost, user: nil, time: currentTime())
    line.quote { line in request.firstLine.withUnsafeBytes { line.escape($0) } }
    line.append(" \(request.status.code) \(request.bodyBytes) \"-\" \"-\"")
    sink.write(line.bytes)
  }

  private func currentTime() -> String {
    clock.withLock { clock in
      let now = CoarseClock.secondsSinceEpoch
      if now != clock.second { clock = (now, LocalTime(secondsSinceEpoch: now).accessLog) }
      return clock.text
    }
  }
}

/// The bytes of one line.
struct AccessLogLine {
  private(set) var bytes: [UInt8] = []

  init() {
    bytes.reserveCapacity(256)
  }

  mutating func begin(host: String, user: String?, time: String) {
    append(host.isEmpty ? "-" : host)
    append(" - ")
    // A space would end the field.
    if let user { escape(Array(user.utf8), alsoSpaces: true) } else { append("-") }
    append(" ")
    append(time)
    append(" ")
  }

  mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func quote(_ body: (inout AccessLogLine) -> Void) {
    append("\"")
    body(&self)
    append("\"")
  }

  /// What a client has sent can't end the field or the line, nor speak to a terminal: control characters,
  /// quotes, backslashes and bytes beyond ASCII are written as `\xHH`, the way nginx does.
  mutating func escape(_ text: some Sequence<UInt8>, alsoSpaces: Bool = false) {
    for byte in text {
      switch byte {
      case UInt8(ascii: " ") where alsoSpaces: append("\\x20")
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20, 0x7F...:
        append("\\x")
        bytes.append(Self.hexDigit(byte >> 4))
        bytes.append(Self.hexDigit(byte & 0x0F))
      default: bytes.append(byte)
      }
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}
