/// Heads of responses that go out many times: most of it is written once.
extension ResponseHeadWriter {
  /// What is the same each time: the fields, their length, and the empty line. It follows what ``begin`` writes.
  package func prepare(_ fields: borrowing HeaderBlock, length: Int64, into sink: inout some ByteSink) {
    if !fields.hasServer { sink.append(serverLine) }
    sink.append(fields.bytes)
    sink.append("Content-Length: ")
    sink.appendDecimal(length)
    sink.append("\r\n\r\n")
  }

  /// The beginning of a response of 200: what differs from time to time.
  ///
  /// - Parameters: as of ``write(head:framing:keepAlive:requestVersion:date:into:)``.
  package func begin(
    keepAlive: Bool,
    requestVersion: HTTPVersion,
    date: borrowing HTTPDateCache,
    into sink: inout some ByteSink
  ) {
    sink.append("HTTP/1.1 200 OK\r\n")
    sink.append(date.line)
    // RFC 9112 9.3, 9.6, as for every other head. The order of fields of different names means nothing.
    if !keepAlive {
      sink.append("Connection: close\r\n")
    } else if requestVersion == .http10 {
      sink.append("Connection: keep-alive\r\n")
    }
  }
}
