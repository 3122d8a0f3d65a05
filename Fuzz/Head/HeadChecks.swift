import FuzzSupport
import HTTPCore

/// No span leaves the head, and what a span is said to hold it holds.
func checkSpans(of head: RequestHead, in bytes: [UInt8]) {
  let targetParts = [head.pathSpan, head.querySpan].compactMap { $0 }
  let spans =
    [head.methodSpan, head.targetSpan, head.authoritySpan].compactMap { $0 } + targetParts
    + head.fields.flatMap { [$0.name, $0.value] }
  for span in spans { require(span.range.upperBound <= bytes.count, "\(span) is within the head") }
  for part in targetParts {
    require(
      part.range.lowerBound >= head.targetSpan.range.lowerBound
        && part.range.upperBound <= head.targetSpan.range.upperBound,
      "\(part) is within the target"
    )
  }
  if let path = head.pathSpan {
    let path = path.bytes(in: bytes.span.bytes)
    require(path.first == ASCII.slash, "a path begins with a slash")
    var decoded: [UInt8] = []
    require(PercentCoding.decode(path.span.bytes, into: &decoded), "a path can be decoded")
    require(!decoded.contains(0), "a path has no NUL")
  }
  let target = head.targetSpan.bytes(in: bytes.span.bytes)
  require(!target.isEmpty && target.allSatisfy { 0x21...0x7E ~= $0 }, "a target is visible")
}

/// The fields are those that a reader sees who does nothing but split lines at CRLF and colons.
func checkFields(of head: RequestHead, in bytes: [UInt8]) {
  var start = 0
  while let (line, next) = Lines.line(bytes, from: start), line.isEmpty { start = next }
  guard var next = Lines.line(bytes, from: start)?.next else { return require(false, "a request line") }
  var seen: [(name: String, value: [UInt8])] = []
  while let (line, after) = Lines.line(bytes, from: next), !line.isEmpty {
    guard let field = Lines.field(line) else { return require(false, "a colon in each line") }
    seen.append(field)
    next = after
  }
  requireEqual(next + 2, bytes.count, "the head ends at the first empty line")
  requireEqual(seen.count, head.fields.count, "as many fields as lines")
  for (field, seen) in zip(head.fields, seen) {
    let name = field.name.bytes(in: bytes.span.bytes)
    require(!name.isEmpty && name.allSatisfy(ByteClass.token.contains), "a name is a token")
    requireEqual(String(decoding: name.map(\.lowercased), as: UTF8.self), seen.name, "name")
    let value = field.value.bytes(in: bytes.span.bytes)
    requireEqual(value, seen.value, "value")
    require(value.allSatisfy { $0 == ASCII.tab || ($0 >= 0x20 && $0 != 0x7F) }, "a value is text")
  }
  checkFraming(of: head, fields: seen)
}

/// A body ends where the fields say, and they say it once.
private func checkFraming(of head: RequestHead, fields: [(name: String, value: [UInt8])]) {
  let lengths = fields.filter { $0.name == "content-length" }.map(\.value)
  let codings = fields.filter { $0.name == "transfer-encoding" }.map(\.value)
  let hosts = fields.count { $0.name == "host" }
  require(hosts == 1 || (hosts == 0 && head.version == .http10), "one Host")
  switch head.framing {
  case .none: require(lengths.isEmpty && codings.isEmpty, "no framing field")
  case .length(let length):
    require(lengths.count == 1 && codings.isEmpty && length >= 0, "one length alone")
    require(lengths[0].allSatisfy(\.isDigit), "digits")
    requireEqual(Int64(String(decoding: lengths[0], as: UTF8.self)), length, "the length")
  case .chunked:
    require(codings.count == 1 && lengths.isEmpty && head.version == .http11, "one coding alone")
    requireEqual(String(decoding: codings[0], as: UTF8.self).lowercased(), "chunked", "the coding")
  }
}

/// What the head is taken to say can be asked for without harm.
func checkMeaning(of head: RequestHead, in bytes: [UInt8]) {
  if head.expectsContinue { require(head.framing != .none, "nobody is asked for a body that there is not") }
  if head.version == .http11 { require(head.authoritySpan != nil, "HTTP/1.1 has a host") }
  _ = AcceptedMedia.prefersJSON(head, bytes.span.bytes)
  let blocks = ["10.0.0.0/8", "fd00::/8"].compactMap { AddressBlock($0) }
  let proxies = TrustedPeers(blocks: blocks)
  let forwarded = ForwardedRequest(head, bytes.span.bytes, proxies: proxies)
  if let host = forwarded.host {
    require(!host.isEmpty && host.allSatisfy { 0x21...0x7E ~= $0 && $0 != ASCII.slash }, "a host has no path")
  }
  if let prefix = forwarded.prefix {
    require(prefix.first == ASCII.slash && prefix.dropFirst().first != ASCII.slash, "a prefix is a path")
  }
  if let address = forwarded.address {
    requireEqual(NetworkAddress(address.description), address, "an address can be read again")
  }
}
