/// The request methods that the server itself tells apart (RFC 9110 9, RFC 5789).
///
/// `other` is any other token: the bytes are in `RequestHead.methodSpan`. Methods are case-sensitive, so
/// `get` is `other`.
package enum HTTPMethod: UInt8, Sendable, CaseIterable {
  case get, head, post, put, delete, patch, options, connect, trace, other

  /// One comparison, also in other modules: the standard library's for raw values is generic.
  @inlinable @inline(__always)
  package static func == (left: HTTPMethod, right: HTTPMethod) -> Bool { left.rawValue == right.rawValue }

  /// The method's token; empty for `other`.
  package var token: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .patch: "PATCH"
    case .options: "OPTIONS"
    case .connect: "CONNECT"
    case .trace: "TRACE"
    case .other: ""
    }
  }

  /// The method that these bytes name.
  init(_ bytes: RawSpan, _ range: Range<Int>) {
    let candidates: (HTTPMethod, HTTPMethod?)
    switch range.count {
    case 3: candidates = (.get, .put)
    case 4: candidates = (.post, .head)
    case 5: candidates = (.patch, .trace)
    case 6: candidates = (.delete, nil)
    case 7: candidates = (.options, .connect)
    default:
      self = .other
      return
    }
    if bytes.equals(range, candidates.0.token) {
      self = candidates.0
    } else if let second = candidates.1, bytes.equals(range, second.token) {
      self = second
    } else {
      self = .other
    }
  }
}

/// The protocol version that a request was understood as (RFC 9110 2.5).
package enum HTTPVersion: UInt8, Sendable, Comparable {
  case http10, http11

  /// One comparison, also in other modules: the standard library's for raw values is generic.
  @inlinable @inline(__always)
  package static func == (left: HTTPVersion, right: HTTPVersion) -> Bool { left.rawValue == right.rawValue }

  package static func < (left: HTTPVersion, right: HTTPVersion) -> Bool { left.rawValue < right.rawValue }
}
