/// Writes response heads (RFC 9112 4, 5): the status line, the server's own fields, the response's, framing.
package struct ResponseHeadWriter: Sendable {
  /// `Server: … CRLF`, or nothing.
  @usableFromInline let serverLine: [UInt8]

  /// - Parameter server: the value of `Server`; nil for none.
  package init(server: StaticString? = "martlet") {
    var line: [UInt8] = []
    if let server {
      line.append("Server: " as StaticString)
      line.append(server)
      line.append("\r\n" as StaticString)
    }
    serverLine = line
  }

  /// Writes a whole head, with the empty line that ends it.
  ///
  /// - Parameters:
  ///   - framing: as decided by `ResponseFraming.decide`. With `none`, a length that the fields declare is still
  ///     written where RFC 9110 8.6 allows it: not for 1xx and 204.
  ///   - keepAlive: whether the connection will be kept. With `untilClose` it never is, whatever this says.
  ///   - requestVersion: of the request that is answered; the status line says HTTP/1.1 in any case (RFC 9110
  ///     6.2).
  @inlinable
  package func write(
    head: borrowing ResponseHead,
    framing: ResponseFraming,
    keepAlive: Bool,
    requestVersion: HTTPVersion,
    date: borrowing HTTPDateCache,
    into sink: inout some ByteSink
  ) {
    // Put together on the stack, so that the sink is asked for room once and not for each piece.
    let bound = 256 + (head.reason?.count ?? 0) + date.line.count + serverLine.count + head.fields.bytes.count
    withUnsafeTemporaryAllocation(byteCount: bound, alignment: 1) { buffer in
      var scratch = ScratchSink(buffer)
      compose(head, framing, keepAlive, requestVersion, date, into: &scratch)
      sink.append(scratch.written)
    }
  }

  /// Writes the interim response that a client with `Expect: 100-continue` waits for (RFC 9110 15.2.1).
  @inlinable
  package static func writeContinue(into sink: inout some ByteSink) {
    sink.append("HTTP/1.1 100 Continue\r\n\r\n")
  }

  @usableFromInline
  func compose(
    _ head: borrowing ResponseHead,
    _ framing: ResponseFraming,
    _ keepAlive: Bool,
    _ requestVersion: HTTPVersion,
    _ date: borrowing HTTPDateCache,
    into sink: inout ScratchSink
  ) {
    writeStatusLine(head.status, head.reason, into: &sink)
    if !head.status.isInformational {
      // RFC 9110 6.6.1: an origin server with a clock sends Date.
      if !head.fields.hasDate { sink.append(date.line) }
      if !head.fields.hasServer { sink.append(serverLine) }
    }
    sink.append(head.fields.bytes)
    writeFraming(head, framing, into: &sink)
    if !head.fields.hasConnection, !head.status.isInformational {
      // RFC 9112 9.3, 9.6: our status line says HTTP/1.1, so the end is announced to clients of either version.
      if !keepAlive || framing == .untilClose {
        sink.append("Connection: close\r\n")
      } else if requestVersion == .http10 {
        sink.append("Connection: keep-alive\r\n")
      }
    }
    sink.append("\r\n")
  }

  @usableFromInline
  func writeStatusLine(_ status: HTTPStatus, _ reason: [UInt8]? = nil, into sink: inout some ByteSink) {
    if status.code == 200, reason == nil {
      sink.append("HTTP/1.1 200 OK\r\n")
      return
    }
    sink.append("HTTP/1.1 ")
    sink.appendDecimal(Int64(status.code))
    sink.append(" ")
    if let reason {
      sink.append(reason)
    } else {
      sink.append(status.reasonPhrase)
    }
    sink.append("\r\n")
  }

  private func writeFraming(
    _ head: borrowing ResponseHead,
    _ framing: ResponseFraming,
    into sink: inout ScratchSink
  ) {
    switch framing {
    case .length(let length):
      writeContentLength(length, into: &sink)
    case .chunked:
      sink.append("Transfer-Encoding: chunked\r\n")
    case .untilClose:
      break
    case .none:
      // HEAD and 304 may say how long the content would be; 1xx and 204 must not (RFC 9110 8.6).
      if let length = head.fields.contentLength, !head.status.isInformational, head.status.code != 204 {
        writeContentLength(length, into: &sink)
      }
    }
  }

  private func writeContentLength(_ length: Int64, into sink: inout ScratchSink) {
    sink.append("Content-Length: ")
    sink.appendDecimal(length)
    sink.append("\r\n")
  }
}
