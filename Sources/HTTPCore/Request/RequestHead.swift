/// A request head as a table over the bytes it was parsed from.
///
/// The bytes stay in the caller's buffer; every `FieldSpan` is relative to the first byte that was given to
/// the parser. No string is made for a field that nobody asks for.
package struct RequestHead: Sendable, Equatable {
  /// One field line.
  package struct Field: Sendable, Equatable {
    package var name: FieldSpan
    /// Without white space at either end; may be empty.
    package var value: FieldSpan
    package var known: KnownField

    @inlinable
    package init(name: FieldSpan, value: FieldSpan, known: KnownField) {
      self.name = name
      self.value = value
      self.known = known
    }
  }

  package var method: HTTPMethod = .other
  package var methodSpan = FieldSpan(offset: 0, count: 0)

  /// The request target as it was sent.
  package var targetSpan = FieldSpan(offset: 0, count: 0)
  package var targetForm: RequestTarget.Form = .origin

  /// The path as it was sent, escapes and all, beginning with a slash; nil for the authority and asterisk
  /// forms.
  ///
  /// Its escapes are well-formed and none of them is `%00`. For `http://host` and `http://host?query` it is
  /// one of the slashes before the host, so that it reads "/" (RFC 9110 4.2.3).
  package var pathSpan: FieldSpan?

  /// What follows the first question mark, which is not in it; nil if there is none.
  package var querySpan: FieldSpan?

  /// The host and port that the request is for: the target's where it has them, else `Host`'s (RFC 9112
  /// 3.2.2, 3.2.3). Valid `uri-host [":" port]`; nil only in HTTP/1.0.
  package var authoritySpan: FieldSpan?

  package var version: HTTPVersion = .http11

  /// In the order they came in.
  package var fields: [Field] = []

  package var framing: BodyFraming = .none

  /// Whether the client lets the connection live on after the response (RFC 9112 9.3).
  package var isPersistent = true

  /// Whether the client waits for a 100 (Continue) before it sends the body (RFC 9110 10.1.1).
  package var expectsContinue = false

  package init() {}

  /// Whether it wants nothing but an answer, in the usual way: GET in HTTP/1.1 without a body, and the connection stays.
  @inlinable
  package var isPlainGet: Bool {
    method == .get && version == .http11 && isPersistent && framing == .none && targetForm == .origin
  }

  /// The value of the first field of this name.
  @inlinable
  package func first(_ known: KnownField) -> FieldSpan? {
    for field in fields where field.known == known { return field.value }
    return nil
  }

  /// How many fields have this name.
  @inlinable
  package func count(of known: KnownField) -> Int {
    var count = 0
    for field in fields where field.known == known { count += 1 }
    return count
  }

  /// Empties the table, and keeps its memory for the next head.
  mutating func removeAll() {
    fields.removeAll(keepingCapacity: true)
    method = .other
    methodSpan = FieldSpan(offset: 0, count: 0)
    targetSpan = FieldSpan(offset: 0, count: 0)
    targetForm = .origin
    (pathSpan, querySpan, authoritySpan) = (nil, nil, nil)
    version = .http11
    framing = .none
    isPersistent = true
    expectsContinue = false
  }
}

/// How the end of a request's body is found (RFC 9112 6.3).
package enum BodyFraming: Sendable, Equatable {
  /// There is no body.
  case none
  /// As many bytes as `Content-Length` says: 0 or more.
  case length(Int64)
  /// The chunked transfer coding.
  case chunked
}
