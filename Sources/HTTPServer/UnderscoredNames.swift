import HTTPCore
import NIOCore

/// What becomes of request fields with an underscore in their name, which CGI's variables can't tell from one with a
/// hyphen: `X_User` and `X-User` are both `HTTP_X_USER` (Django CVE-2015-0219).
package enum UnderscoredNames: Sendable {
  /// The request goes on without them.
  case drop
  /// The request is refused.
  case refuse
  /// They are handed on, but for those that would pass for a field which means something to a server.
  case map
}

extension RequestHead {
  /// Only names that no standard knows can have one.
  func hasUnderscoredName(in bytes: RawSpan) -> Bool {
    fields.contains { field in
      field.known == .other && field.name.range.contains { bytes.byte(at: $0) == UInt8(ascii: "_") }
    }
  }
}

extension Exchange {
  /// Whether a field with an underscore in its name is for the application.
  ///
  /// Even where these are handed on, none is that would be a known field with hyphens: clients could say with it what
  /// only a proxy may, and proxies pass it on unread.
  ///
  /// - Parameter name: in lower case.
  package func handsOnUnderscored(_ name: [UInt8]) -> Bool {
    guard loop.server.configuration.underscoredNames == .map else { return false }
    let hyphened = name.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
    return KnownField.lookup(hyphened.span.bytes) == .other && !hyphened.starts(with: "x-forwarded-".utf8)
  }
}
