import Glibc
import HTTPCore
import HTTPServer
import PythonRuntime

/// Makes a request's environ (PEP 3333, "environ Variables").
///
/// Each Python thread has one of its own, so its caches need no lock.
final class EnvironBuilder {
  private let bridge: WSGIBridge
  private let names: PythonNames
  private let slot: CallSlot
  private var unknownFields: [[UInt8]: PythonReference] = [:]
  private var values = FieldValueCache()
  private var ends = ConnectionEnds()
  private var scratch: [UInt8] = []

  /// Names of fields that no standard knows are cached up to this many: what a client can make us remember.
  private static let unknownFieldLimit = 256

  init(_ bridge: WSGIBridge, _ slot: CallSlot) {
    self.slot = slot
    self.bridge = bridge
    names = bridge.names
  }

  /// A new builtin dict, with everything that the request says.
  func makeEnviron(
    for exchange: Exchange,
    _ application: WSGIApplication,
    _ python: Attached
  ) throws(PythonRaised) -> PythonDictionary {
    let environ = try application.template.copy(python)
    try setRequestLine(exchange, application, environ, python)
    try setEnds(exchange, environ, python)
    try setFields(exchange, environ, python)
    if let forwarded = exchange.forwarded { try setForwarded(forwarded, application, environ, python) }
    let body = try bridge.input.make(for: exchange.body, slot, python)
    try environ.set(names.input, body.reference)
    return environ
  }

  // MARK: - The request line

  private func setRequestLine(
    _ exchange: Exchange,
    _ application: WSGIApplication,
    _ environ: borrowing PythonDictionary,
    _ python: Attached
  ) throws(PythonRaised) {
    // The template says what is usual: GET, HTTP/1.1, no query.
    let head = exchange.head
    if head.method == .other {
      let method = try exchange.latin1(head.methodSpan, python)
      try environ.set(names.requestMethod, method.reference)
    } else if head.method != .get {
      try environ.set(names.requestMethod, names.methods[Int(head.method.rawValue)])
    }
    if head.version == .http10 { try environ.set(names.serverProtocol, names.http10) }

    let target = try exchange.latin1(head.targetSpan, python)
    try environ.set(names.rawURI, target.reference)
    try environ.set(names.requestURI, target.reference)

    if let query = head.querySpan, query.count > 0 {
      let text = try exchange.latin1(query, python)
      try environ.set(names.queryString, text.reference)
    }
    try setPath(target.reference, exchange, application, environ, python)
  }

  /// PATH_INFO is the path with its escapes decoded, one character for each byte (PEP 3333, "Unicode Issues").
  private func setPath(
    _ target: PythonReference,
    _ exchange: Exchange,
    _ application: WSGIApplication,
    _ environ: borrowing PythonDictionary,
    _ python: Attached
  ) throws(PythonRaised) {
    guard let span = exchange.head.pathSpan else {
      // `OPTIONS *`, and CONNECT, whose target is no path. Applications expect one all the same: as the target
      // was sent, the way Gunicorn has it.
      return try environ.set(names.pathInfo, target)
    }
    if !application.prefix.isEmpty || exchange.hasEscapes(span) {
      scratch.removeAll(keepingCapacity: true)
      exchange.withBytes(span) { _ = PercentCoding.decode($0.bytes, into: &scratch) }
      // SCRIPT_NAME has the part that was the application's name.
      scratch.removeFirst(min(application.prefix.count, scratch.count))
      let path = try python.latin1(scratch)
      try environ.set(names.pathInfo, path.reference)
    } else if span == exchange.head.targetSpan {
      try environ.set(names.pathInfo, target)
    } else {
      let path = try exchange.latin1(span, python)
      try environ.set(names.pathInfo, path.reference)
    }
  }

  // MARK: - Who speaks to whom

  private func setEnds(
    _ exchange: Exchange,
    _ environ: borrowing PythonDictionary,
    _ python: Attached
  ) throws(PythonRaised) {
    try environ.set(names.remoteAddress, ends.remote.text(exchange.clientHost, python))
    if let port = exchange.clientPort.flatMap(UInt16.init(exactly:)) {
      let text = try python.decimal(port)
      try environ.set(names.remotePort, text.reference)
    }
    if let port = exchange.peer.localPort {
      try environ.set(names.serverName, ends.local.text(exchange.peer.localHost, python))
      try environ.set(names.serverPort, ends.localPort.text(port, python))
    } else {
      // A Unix socket has neither name nor port: those that the client has used stand in.
      let (host, port) = exchange.authority()
      let name = try python.string(host)
      try environ.set(names.serverName, name.reference)
      let number = try python.string(port)
      try environ.set(names.serverPort, number.reference)
    }
  }

  /// What a trusted proxy has said of the request: the application sees it as the client has sent it.
  private func setForwarded(
    _ forwarded: ForwardedRequest,
    _ application: WSGIApplication,
    _ environ: borrowing PythonDictionary,
    _ python: Attached
  ) throws(PythonRaised) {
    if forwarded.scheme == .https { try environ.set(names.urlScheme, names.https) }
    if let host = forwarded.host {
      let value = try python.latin1(host)
      try environ.set(names.fields[Int(KnownField.host.rawValue)], value.reference)
      let usual = forwarded.scheme == .https ? "443" : "80"
      let (name, port) = String(decoding: host, as: UTF8.self).hostAndPort(usual: usual)
      let nameObject = try python.string(name)
      try environ.set(names.serverName, nameObject.reference)
      let portObject = try python.string(port)
      try environ.set(names.serverPort, portObject.reference)
    }
    if let prefix = forwarded.prefix {
      let value = try python.latin1(prefix + application.prefix)
      try environ.set(names.scriptName, value.reference)
    }
  }

  // MARK: - Header fields

  private func setFields(
    _ exchange: Exchange,
    _ environ: borrowing PythonDictionary,
    _ python: Attached
  ) throws(PythonRaised) {
    // An absolute target's host takes the place of the field, if there is one (RFC 9112, section 3.2.2).
    let authority = exchange.head.targetForm == .absolute ? exchange.head.authoritySpan : nil
    if let authority {
      let value = try exchange.latin1(authority, python)
      try environ.set(names.fields[Int(KnownField.host.rawValue)], value.reference)
    }
    // Who is no trusted proxy can't pass for one. Of the two ways to forward, the one that counts is kept.
    let isForwarded = exchange.forwarded != nil
    let dropsForwarded = isForwarded && exchange.head.fields.contains { $0.known.isXForwarded }
    var seen = KnownFieldSet()
    for field in exchange.head.fields {
      let key: PythonReference
      switch field.known {
      case let known where known.isForwarding && (!isForwarded || (known == .forwarded && dropsForwarded)):
        continue
      // httpoxy: as HTTP_PROXY it would be taken for a setting. The body arrives de-chunked.
      case .proxy, .transferEncoding, .contentLength: continue
      case .host where authority != nil: continue
      case .contentType: key = names.contentType
      case .other:
        guard !exchange.isForwardingName(field.name) || exchange.isFromTrustedProxy,
          let unknown = try unknownFieldKey(exchange, field.name, python)
        else { continue }
        key = unknown
      default: key = names.fields[Int(field.known.rawValue)]
      }
      // Only where there may be an earlier one is it looked for.
      if field.known == .other || !seen.insert(field.known) {
        try join(field.value, key, separator: field.known == .cookie ? "; " : ", ", exchange, environ, python)
      } else if let value = try exchange.headBytes.withUnsafeReadableBytes({ head throws(PythonRaised) in
        try values.string(UnsafeRawBufferPointer(rebasing: head[field.value.range]), for: field.known, python)
      }) {
        try environ.set(key, value)
      } else {
        let text = try exchange.latin1(field.value, python)
        try environ.set(key, text.reference)
      }
    }
    guard let count = exchange.contentLength else { return }
    let length = try python.string(String(count))
    try environ.set(names.contentLength, length.reference)
  }

  /// Sets a field's value, or joins it to what an earlier field of the same name said (RFC 9110, section 5.3;
  /// cookies: RFC 9113, section 8.2.3).
  private func join(
    _ value: FieldSpan,
    _ key: PythonReference,
    separator: StaticString,
    _ exchange: Exchange,
    _ environ: borrowing PythonDictionary,
    _ python: Attached
  ) throws(PythonRaised) {
    if let earlier = try environ.get(key) {
      scratch.removeAll(keepingCapacity: true)
      _ = earlier.withLatin1(python) { scratch.append(contentsOf: $0) }
      separator.withUTF8Buffer { scratch.append(contentsOf: $0) }
      exchange.withBytes(value) { scratch.append(contentsOf: $0) }
      let joined = try python.latin1(scratch)
      return try environ.set(key, joined.reference)
    }
    let text = try exchange.latin1(value, python)
    try environ.set(key, text.reference)
  }

  /// The key of a field that no standard knows; nil for a name with an underscore, which would pass for another
  /// one with a hyphen (Django CVE-2015-0219), unless such names are to be handed on.
  private func unknownFieldKey(
    _ exchange: Exchange,
    _ name: FieldSpan,
    _ python: Attached
  ) throws(PythonRaised) -> PythonReference? {
    let bytes = exchange.withBytes(name) { $0.map { $0.lowercased } }
    if let known = unknownFields[bytes] { return known }
    guard !bytes.contains(UInt8(ascii: "_")) || exchange.handsOnUnderscored(bytes) else { return nil }
    let text = EnvironKey.name(forField: bytes)
    guard unknownFields.count < Self.unknownFieldLimit else {
      // Not interned: that would keep it for good.
      let key = try python.string(text)
      return overflow(key)
    }
    let key = try python.interned(text)
    unknownFields[bytes] = key
    return key
  }

  /// Keeps a key that is not cached alive until the next one takes its place.
  private var overflowKey: PythonObject?
  private func overflow(_ key: consuming PythonObject) -> PythonReference {
    let reference = key.reference
    overflowKey = consume key
    return reference
  }
}

extension Exchange {
  func latin1(_ span: FieldSpan, _ python: Attached) throws(PythonRaised) -> PythonObject {
    // A generic result must be copyable here, and an owned reference is not.
    var text: PythonObject?
    try headBytes.withUnsafeReadableBytes { head throws(PythonRaised) in
      text = try python.latin1(UnsafeRawBufferPointer(rebasing: head[span.range]))
    }
    guard let text else { throw PythonRaised() }
    return text
  }

  /// Whether there is a percent sign in it.
  fileprivate func hasEscapes(_ span: FieldSpan) -> Bool {
    headBytes.withUnsafeReadableBytes { head in
      let bytes = head[span.range]
      guard let base = head.baseAddress, !bytes.isEmpty else { return false }
      return memchr(base + bytes.startIndex, CInt(ASCII.percent), bytes.count) != nil
    }
  }

  /// Whether a field that no standard knows is one of a proxy's all the same: `X-Forwarded-…`.
  fileprivate func isForwardingName(_ name: FieldSpan) -> Bool {
    name.count > 12
      && withBytes(name) {
        $0.bytes.equalsIgnoringCase(0..<12, "x-forwarded-")
      }
  }

  /// The host and port that the request is for, as text; a port of 80 where it names none.
  func authority() -> (host: String, port: String) {
    guard let span = head.authoritySpan else { return ("localhost", "80") }
    return string(span).hostAndPort(usual: forwarded?.scheme == .https ? "443" : "80")
  }

  /// What CONTENT_LENGTH says: for a chunked body, what it came to, if that is known.
  fileprivate var contentLength: Int64? {
    switch head.framing {
    case .none: nil
    case .length(let count): count
    case .chunked: body.count
    }
  }
}

extension String {
  /// The two parts of an authority (RFC 3986, section 3.2), with a port where it has none.
  fileprivate func hostAndPort(usual: String) -> (host: String, port: String) {
    guard let colon = lastIndex(of: ":"), !self[colon...].contains("]") else { return (self, usual) }
    let port = self[index(after: colon)...]
    return (String(self[..<colon]), port.isEmpty ? usual : String(port))
  }
}
