/// What a trusted proxy says of the request that it passes on: `X-Forwarded-For`, `-Proto`, `-Host`, `-Prefix`, or
/// `Forwarded` (RFC 7239).
///
/// Where both kinds are there, `X-Forwarded-*` counts: a proxy that sets those passes a client's `Forwarded` on unread.
/// What is malformed is as if it were absent.
package struct ForwardedRequest: Sendable, Equatable {
  /// The client: the last address that is no proxy of ours.
  package var address: NetworkAddress?
  package var port: UInt16?
  package var scheme: Scheme?
  /// Host and port that the client has asked for, as in `Host`.
  package var host: [UInt8]?
  /// The path under which the proxy has the server, decoded and without a slash at its end.
  package var prefix: [UInt8]?

  package enum Scheme: Sendable {
    case http, https
  }

  /// - Parameters:
  ///   - bytes: of the head.
  ///   - proxies: whose addresses are passed over on the way to the client's.
  package init(_ head: RequestHead, _ bytes: RawSpan, proxies: TrustedPeers) {
    if head.fields.contains(where: { $0.known.isXForwarded }) {
      readXForwarded(head, bytes, proxies)
    } else {
      readForwarded(head, bytes, proxies)
    }
  }

  // MARK: - X-Forwarded-*

  private mutating func readXForwarded(_ head: RequestHead, _ bytes: RawSpan, _ proxies: TrustedPeers) {
    let hops = head.plainElements(of: .xForwardedFor, bytes)
    // How many proxies the request has passed since: each adds an element at the end of every list.
    var distance = 0
    for hop in hops.reversed() {
      guard let node = Self.node(bytes, hop) else { break }
      distance = address == nil ? 0 : distance + 1
      (address, port) = (node.address, node.port)
      if !proxies.contains(node.address) { break }
    }
    func value(_ field: KnownField) -> Range<Int>? {
      let values = head.plainElements(of: field, bytes)
      return values.isEmpty ? nil : values[max(values.count - 1 - distance, 0)]
    }
    scheme = value(.xForwardedProto).flatMap { Self.scheme(bytes, $0) }
    host = value(.xForwardedHost).flatMap { Self.host(bytes, $0) }
    prefix = value(.xForwardedPrefix).flatMap { Self.prefix(bytes, $0) }
  }

  // MARK: - Forwarded

  private mutating func readForwarded(_ head: RequestHead, _ bytes: RawSpan, _ proxies: TrustedPeers) {
    for hop in head.elements(of: .forwarded, bytes).reversed() {
      var parameters = ForwardedParameters(hop)
      var said = Set<ForwardedParameter>()
      var node: (address: NetworkAddress, port: UInt16?)?
      var hopScheme: Scheme?
      var hopHost: [UInt8]?
      while let (name, value) = parameters.next(in: bytes) {
        guard let parameter = ForwardedParameter(bytes, name) else { continue }
        // None may be there twice (section 4): which one the proxy has written is not to be told.
        guard said.insert(parameter).inserted else { return }
        switch parameter {
        case .for: node = Self.node(bytes, value)
        case .proto: hopScheme = Self.scheme(bytes, value)
        case .host: hopHost = Self.host(bytes, value)
        case .by: break
        }
      }
      guard !parameters.isMalformed else { return }
      // The proxy that has written this hop is one of ours: it knows what it was asked for, whoever asked.
      (scheme, host) = (hopScheme ?? scheme, hopHost ?? host)
      guard let node else { return }
      (address, port) = (node.address, node.port)
      if !proxies.contains(node.address) { return }
    }
  }

  // MARK: - Values

  /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`; not `unknown`, nor a name.
  private static func node(_ bytes: RawSpan, _ range: Range<Int>) -> (address: NetworkAddress, port: UInt16?)?
  {
    guard range.count <= 64 else { return nil }
    let text = bytes.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    if let address = NetworkAddress(text) { return (address, nil) }
    guard let authority = Authority(bytes, range) else { return nil }
    var host = authority.host
    if bytes.byte(at: host.lowerBound) == UInt8(ascii: "[") {
      host = host.lowerBound + 1..<host.upperBound - 1
    }
    let name = bytes.extracting(host).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    return NetworkAddress(name).map { ($0, authority.port) }
  }

  private static func scheme(_ bytes: RawSpan, _ range: Range<Int>) -> Scheme? {
    if bytes.equalsIgnoringCase(range, "https") { return .https }
    return bytes.equalsIgnoringCase(range, "http") ? .http : nil
  }

  private static func host(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8]? {
    Authority(bytes, range) == nil ? nil : FieldSpan(range).bytes(in: bytes)
  }

  /// A path, and none that a browser could take for another host or for another path.
  ///
  /// It is percent-encoded, as the paths of requests are, and decoded as they are; what is forbidden stays so in either form.
  private static func prefix(_ bytes: RawSpan, _ range: Range<Int>) -> [UInt8]? {
    let encoded = FieldSpan(range).bytes(in: bytes)
    var path: [UInt8] = []
    guard encoded.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      PercentCoding.decode(encoded.span.bytes, into: &path)
    else { return nil }
    while path.last == ASCII.slash { path.removeLast() }
    let forbidden: (UInt8) -> Bool = { $0 < 0x20 || $0 == 0x7F || "?#\\\"<>".utf8.contains($0) }
    let isPlain = path.split(separator: ASCII.slash).allSatisfy {
      !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
    guard path.first == ASCII.slash, path.dropFirst().first != ASCII.slash, isPlain,
      !path.contains(where: forbidden)
    else { return nil }
    return path
  }
}

extension KnownField {
  /// One of the fields by which a proxy describes the request that it passes on, with RFC 7239's apart.
  package var isXForwarded: Bool {
    switch self {
    case .xForwardedFor, .xForwardedProto, .xForwardedHost, .xForwardedPrefix: true
    default: false
    }
  }

  /// A field that applications read as a proxy's word: it is kept from anybody else.
  @inlinable
  package var isForwarding: Bool {
    switch self {
    case .forwarded, .xForwardedFor, .xForwardedProto, .xForwardedProtocol, .xForwardedScheme, .xForwardedSSL,
      .xForwardedHost, .xForwardedServer, .xForwardedPort, .xForwardedPrefix, .xForwardedBy, .xRealIP,
      .xScheme,
      .xScriptName, .xURLScheme, .frontEndHTTPS:
      true
    default: false
    }
  }
}

extension RequestHead {
  /// The same for fields that know no quoted strings: a client's quote must not swallow what a proxy adds behind it.
  fileprivate func plainElements(of known: KnownField, _ bytes: RawSpan) -> [Range<Int>] {
    var elements: [Range<Int>] = []
    for field in fields where field.known == known {
      var start = field.value.range.lowerBound
      for index in start...field.value.range.upperBound {
        guard index == field.value.range.upperBound || bytes.byte(at: index) == ASCII.comma else { continue }
        let element = bytes.trimmingOptionalWhitespace(start..<index)
        if !element.isEmpty { elements.append(element) }
        start = index + 1
      }
    }
    return elements
  }

  /// The elements of a list-valued field, over all of its lines (RFC 9110, section 5.3).
  fileprivate func elements(of known: KnownField, _ bytes: RawSpan) -> [Range<Int>] {
    var elements: [Range<Int>] = []
    for field in fields where field.known == known {
      var list = FieldList(field.value)
      while let element = list.next(in: bytes) { elements.append(element) }
    }
    return elements
  }
}

/// The parameters that RFC 7239 defines (section 5).
private enum ForwardedParameter {
  case by, `for`, host, proto

  init?(_ bytes: RawSpan, _ name: Range<Int>) {
    if bytes.equalsIgnoringCase(name, "for") {
      self = .for
    } else if bytes.equalsIgnoringCase(name, "proto") {
      self = .proto
    } else if bytes.equalsIgnoringCase(name, "host") {
      self = .host
    } else if bytes.equalsIgnoringCase(name, "by") {
      self = .by
    } else {
      return nil
    }
  }
}

/// Goes through one element of `Forwarded`: `name=value`, separated by semicolons; a value may be quoted (RFC 7239,
/// section 4).
private struct ForwardedParameters {
  private var rest: Range<Int>
  private(set) var isMalformed = false

  init(_ element: Range<Int>) {
    rest = element
  }

  /// Name and value, the latter without its quotes. A value with an escape in it is no address and no host.
  mutating func next(in bytes: RawSpan) -> (name: Range<Int>, value: Range<Int>)? {
    guard !rest.isEmpty else { return nil }
    let nameEnd = bytes.firstByte(notIn: ByteClass.token, rest)
    guard nameEnd > rest.lowerBound, nameEnd < rest.upperBound, bytes.byte(at: nameEnd) == UInt8(ascii: "=")
    else { return fail() }
    let name = rest.lowerBound..<nameEnd
    var start = nameEnd + 1
    var end: Int
    if start < rest.upperBound, bytes.byte(at: start) == ASCII.quote {
      start += 1
      end = start
      while end < rest.upperBound, bytes.byte(at: end) != ASCII.quote {
        if bytes.byte(at: end) == ASCII.backslash { return fail() }
        end += 1
      }
      guard end < rest.upperBound else { return fail() }
      rest = end + 1..<rest.upperBound
    } else {
      end = start
      while end < rest.upperBound, bytes.byte(at: end) != UInt8(ascii: ";") { end += 1 }
      rest = end..<rest.upperBound
    }
    // White space around the semicolon is outside of the grammar, and harmless.
    rest = bytes.trimmingOptionalWhitespace(rest)
    if !rest.isEmpty {
      guard bytes.byte(at: rest.lowerBound) == UInt8(ascii: ";") else { return fail() }
      rest = bytes.trimmingOptionalWhitespace(rest.lowerBound + 1..<rest.upperBound)
    }
    return (name, bytes.trimmingOptionalWhitespace(start..<end))
  }

  private mutating func fail() -> (name: Range<Int>, value: Range<Int>)? {
    isMalformed = true
    return nil
  }
}
