import FuzzSupport
import HTTPCore

/// What a connection has written, read as a client would that knows what it has asked.
struct Answers {
  /// Without what may differ from run to run: dates, numbers of requests, and interim answers that came too late.
  private(set) var comparable: [String] = []
  private let bytes: [UInt8]
  private var next = 0

  init(of visit: Visit) {
    bytes = visit.output
    var isLast = false
    for request in visit.requests {
      // The rest has been asked for in vain: the connection is over.
      if next == bytes.count { break }
      require(!isLast, "nothing comes after an answer that says it is the last")
      isLast = !readAnswer(to: request)
    }
    if visit.rejections > 0, next < bytes.count {
      require(!isLast, "nothing comes after the last answer")
      requireEqual(visit.rejections, 1, "one rejection at most")
      _ = readAnswer(to: nil)
    }
    require(
      next == bytes.count,
      "nothing was sent that nobody asked for: \(String(decoding: bytes[next...], as: UTF8.self))"
    )
  }

  /// - Parameter request: nil for bytes that were no request.
  /// - Returns: whether the connection goes on.
  private mutating func readAnswer(to request: Visit.Request?) -> Bool {
    var (status, fields) = readHead()
    while 100..<200 ~= status {
      require(request.map { $0.version != .http10 } ?? false, "interim answers are for HTTP/1.1")
      if next == bytes.count { return false }
      (status, fields) = readHead()
    }
    let body = readBody(status, fields, request)
    let visible = fields.filter { $0.name != "date" }.map {
      "\($0.name): \(String(decoding: $0.value, as: UTF8.self))"
    }
    let text = body.map { String(decoding: $0, as: UTF8.self) } ?? "broken"
    // An error of the server's has the request's number in it.
    comparable.append(status < 500 ? "\(status) \(visible) \(text)" : "\(status)")
    if request == nil { require(status >= 400, "what is no request gets an error") }
    if let request, status == 200, request.way == .echo, request.method != .head {
      require(text.hasPrefix(request.target), "the answer to \(request) is \(text)")
    }
    if let request, status == 200, request.way.isBroken, request.method != .head, request.version != .http10 {
      require(body == nil, "what broke off never looks complete")
    }
    let closes = fields.contains { $0.name == "connection" && $0.value.elementsEqual("close".utf8) }
    return !closes && body != nil
  }

  private mutating func readHead() -> (status: Int, fields: [(name: String, value: [UInt8])]) {
    guard let (statusLine, first) = Lines.line(bytes, from: next) else {
      require(false, "a status line in \(String(decoding: bytes[next...], as: UTF8.self))")
      return (0, [])
    }
    require(statusLine.starts(with: "HTTP/1.1 ".utf8), "a status line")
    next = first
    var fields: [(name: String, value: [UInt8])] = []
    while let (line, after) = Lines.line(bytes, from: next) {
      next = after
      if line.isEmpty { break }
      if let field = Lines.field(line) { fields.append(field) }
    }
    return (Int(String(decoding: statusLine.dropFirst(9).prefix(3), as: UTF8.self)) ?? 0, fields)
  }

  /// Nil where it broke off, which only the end of the connection may tell.
  private mutating func readBody(
    _ status: Int,
    _ fields: [(name: String, value: [UInt8])],
    _ request: Visit.Request?
  ) -> [UInt8]? {
    if request?.method == .head || status == 204 || status == 304 { return [] }
    if request?.method == .connect, 200..<300 ~= status { return [] }
    if fields.contains(where: { $0.name == "transfer-encoding" }) { return readChunks() }
    guard let length = fields.first(where: { $0.name == "content-length" }) else {
      require(request?.version == .http10, "a body until the end is for HTTP/1.0")
      defer { next = bytes.count }
      return Array(bytes[next...])
    }
    let count = Int(String(decoding: length.value, as: UTF8.self)) ?? 0
    guard bytes.count - next >= count else {
      next = bytes.count
      return nil
    }
    defer { next += count }
    return Array(bytes[next..<next + count])
  }

  private mutating func readChunks() -> [UInt8]? {
    var content: [UInt8] = []
    while let (line, after) = Lines.line(bytes, from: next) {
      guard let size = Int(String(decoding: line, as: UTF8.self), radix: 16) else {
        require(false, "a chunk size")
        return nil
      }
      require(bytes.count - after >= size + 2, "a chunk is whole")
      content += bytes[after..<after + size]
      next = after + size + 2
      if size == 0 { return content }
    }
    next = bytes.count
    return nil
  }
}
