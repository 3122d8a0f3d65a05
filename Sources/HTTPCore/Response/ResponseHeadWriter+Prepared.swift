/// Heads of responses that go out many times: most of it is written once.
extension ResponseHeadWriter {
  /// What is the same each time: the fields, their length, and the empty line. It follows what ``begin`` writes.
  package func prepare(_ fields: borrowing HeaderBlock, length: Int64, into sink: inout some ByteSink) {
    appendFields(fields, into: &sink)
    Self.endHead(length: length, into: &sink)
  }

  /// The beginning of a response: what differs from time to time.
  ///
  /// - Parameters: as of ``write(head:framing:keepAlive:requestVersion:date:into:)``.
  @inlinable
  package func begin(
    _ status: HTTPStatus = .ok,
    keepAlive: Bool,
    requestVersion: HTTPVersion,
    date: borrowing HTTPDateCache,
    into sink: inout some ByteSink
  ) {
    writeStatusLine(status, into: &sink)
    sink.append(date.line)
    // RFC 9112 9.3, 9.6, as for every other head. The order of fields of different names means nothing.
    if !keepAlive {
      sink.append("Connection: close\r\n")
    } else if requestVersion == .http10 {
      sink.append("Connection: keep-alive\r\n")
    }
  }

  /// A response's fields, with the server's own.
  @inlinable
  package func appendFields(_ fields: borrowing HeaderBlock, into sink: inout some ByteSink) {
    if !fields.hasServer { sink.append(serverLine) }
    sink.append(fields.bytes)
  }

  /// The length, where there is content, and the empty line.
  @inlinable
  package static func endHead(length: Int64?, into sink: inout some ByteSink) {
    if let length {
      sink.append("Content-Length: ")
      sink.appendDecimal(length)
      sink.append("\r\n\r\n")
    } else {
      sink.append("\r\n")
    }
  }
}
