import FuzzSupport
import HTTPCore

/// Fields of an application, one in each line of the input: what is let through can't split the response, and the head
/// says where the body ends, once.
func checkResponse(_ bytes: [UInt8], isHead: Bool, isOld: Bool, keepAlive: Bool) {
  var block = HeaderBlock()
  var accepted: [(name: String, value: [UInt8])] = []
  for line in bytes.split(separator: ASCII.lf) {
    let colon = line.firstIndex(of: ASCII.colon) ?? line.endIndex
    let (name, value) = (Array(line[..<colon]), Array(line[colon...].dropFirst()))
    let before = block
    do throws(HeaderFault) {
      try block.appendChecked(name: name.span.bytes, value: value.span.bytes)
      if let field = Lines.field((name + [ASCII.colon] + value)[...]) { accepted.append(field) }
    } catch {
      requireEqual(block, before, "what is refused leaves nothing behind")
    }
  }
  let status = HTTPStatus(code: 200 + Int(bytes.first ?? 0) % 150) ?? .ok
  let version: HTTPVersion = isOld ? .http10 : .http11
  let framing = ResponseFraming.decide(
    requestMethod: isHead ? .head : .get,
    requestVersion: version,
    status: status,
    declaredLength: block.contentLength
  )
  var written: [UInt8] = []
  ResponseHeadWriter().write(
    head: ResponseHead(status: status, fields: block),
    framing: framing,
    keepAlive: keepAlive,
    requestVersion: version,
    date: HTTPDateCache(secondsSinceEpoch: 0),
    into: &written
  )
  check(written, accepted, framing)
}

private func check(
  _ written: [UInt8],
  _ accepted: [(name: String, value: [UInt8])],
  _ framing: ResponseFraming
) {
  guard let (statusLine, first) = Lines.line(written, from: 0) else { return require(false, "a status line") }
  require(statusLine.starts(with: "HTTP/1.1 ".utf8), "a status line")
  var next = first
  var seen: [(name: String, value: [UInt8])] = []
  while let (line, after) = Lines.line(written, from: next) {
    next = after
    if line.isEmpty { break }
    guard let field = Lines.field(line) else { return require(false, "a colon in each line") }
    seen.append(field)
  }
  requireEqual(next, written.count, "the head ends at its first empty line")
  require(!written.contains(0), "no NUL")
  let own = ["date", "server", "connection", "content-length", "transfer-encoding"]
  requireEqual(
    seen.filter { !own.contains($0.name) }.map(\.name),
    accepted.filter { !own.contains($0.name) }.map(\.name),
    "fields of the application"
  )
  let lengths = seen.count { $0.name == "content-length" }
  let codings = seen.count { $0.name == "transfer-encoding" }
  require(lengths + codings <= 1, "one framing")
  if framing == .chunked { requireEqual(codings, 1, "chunked") }
  if case .length = framing { requireEqual(lengths, 1, "length") }
  require(seen.count { $0.name == "connection" } <= 1, "one Connection")
}
