/// The fields of a response, serialised as they are added: `Name: value CRLF …`
///
/// `Content-Length` is kept apart: whether it goes out is a matter of framing, and the writer's to decide. So a
/// response can never have two, or one beside `Transfer-Encoding`.
package struct HeaderBlock: Sendable, Equatable {
  /// The field lines, without `Content-Length` and without the empty line at the end.
  package internal(set) var bytes: [UInt8] = []

  package private(set) var contentLength: Int64?
  package private(set) var hasDate = false
  package private(set) var hasServer = false
  package private(set) var hasContentType = false
  package private(set) var hasContentEncoding = false
  package private(set) var hasConnection = false

  package init() {}

  package init(reservingCapacity capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  /// Forgets all fields and keeps the memory.
  package mutating func removeAll() {
    var bytes = self.bytes
    self = HeaderBlock()
    bytes.removeAll(keepingCapacity: true)
    self.bytes = bytes
  }

  /// Says how long the content is; nil takes that back.
  package mutating func setContentLength(_ length: Int64?) {
    contentLength = length.map { max($0, 0) }
  }

  /// Whether a field can be written: its name is a token, and its value cannot end the line.
  package static func check(name: RawSpan, value: RawSpan) throws(HeaderFault) {
    guard isToken(name) else { throw .invalidName }
    guard isFieldText(value) else { throw .invalidValue }
  }

  /// Adds a field that came from the application.
  ///
  /// - Throws: why it cannot be sent. The block is then as it was before.
  package mutating func appendChecked(name: RawSpan, value: RawSpan) throws(HeaderFault) {
    try HeaderBlock.check(name: name, value: value)
    let known = KnownField.lookup(name)
    if HeaderBlock.isHopByHop(known) { throw .hopByHop }
    if known == .contentLength {
      guard let length = value.decimal(0..<value.byteCount) else { throw .invalidContentLength }
      guard contentLength == nil else { throw .repeatedContentLength }
      contentLength = length
      return
    }
    write(known, name, value)
  }

  /// Adds a field from bytes that live as long as the call.
  package mutating func appendChecked(
    name: UnsafeRawBufferPointer,
    value: UnsafeRawBufferPointer
  ) throws(HeaderFault) {
    try appendChecked(name: name.bytes, value: value.bytes)
  }

  /// Adds a field that the server itself made. Debug builds check it.
  mutating func appendTrusted(name: RawSpan, value: RawSpan) {
    assert(HeaderBlock.isToken(name) && HeaderBlock.isFieldText(value))
    let known = KnownField.lookup(name)
    if known == .contentLength {
      contentLength = value.decimal(0..<value.byteCount)
    } else {
      write(known, name, value)
    }
  }

  /// Adds all fields of another block, but for its length.
  package mutating func append(_ other: HeaderBlock) {
    hasDate = hasDate || other.hasDate
    hasServer = hasServer || other.hasServer
    hasContentType = hasContentType || other.hasContentType
    hasContentEncoding = hasContentEncoding || other.hasContentEncoding
    hasConnection = hasConnection || other.hasConnection
    bytes.append(contentsOf: other.bytes)
  }

  mutating func write(_ known: KnownField, _ name: RawSpan, _ value: RawSpan) {
    switch known {
    case .date: hasDate = true
    case .server: hasServer = true
    case .contentType: hasContentType = true
    case .contentEncoding: hasContentEncoding = true
    case .connection: hasConnection = true
    default: break
    }
    let count = name.byteCount + value.byteCount + 4
    withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { line in
      var sink = ScratchSink(line)
      name.withUnsafeBytes { sink.append($0) }
      sink.append(": ")
      value.withUnsafeBytes { sink.append($0) }
      sink.append("\r\n")
      bytes.append(contentsOf: sink.written)
    }
  }

  static func isToken(_ bytes: RawSpan) -> Bool {
    for index in 0..<bytes.byteCount where !ByteClass.token.contains(bytes.byte(at: index)) { return false }
    return !bytes.isEmpty
  }

  /// Whether the bytes may be a field's value or a reason phrase. What is text here is latin-1: bytes of 0x80
  /// and above go out as they are.
  static func isFieldText(_ bytes: RawSpan) -> Bool {
    var index = 0
    while true {
      index = bytes.firstControl(in: index..<bytes.byteCount)
      if index == bytes.byteCount { return true }
      guard bytes.byte(at: index) == ASCII.tab else { return false }
      index += 1
    }
  }

  /// RFC 9110 7.6.1, 11.7
  private static func isHopByHop(_ known: KnownField) -> Bool {
    switch known {
    case .connection, .keepAlive, .te, .trailer, .transferEncoding, .upgrade: true
    case .proxyConnection, .proxyAuthorization, .proxyAuthenticate, .proxyAuthenticationInfo: true
    default: false
    }
  }
}
