/// How a response's end is marked (RFC 9112 6.3).
package enum ResponseFraming: Sendable, Equatable {
  /// No content goes out, whatever there is of it.
  case none
  /// Exactly as many bytes as `Content-Length` says.
  case length(Int64)
  /// The chunked transfer coding.
  case chunked
  /// Everything up to the connection's end: the connection cannot be kept.
  case untilClose

  /// Chooses the framing of a response.
  ///
  /// - Parameter declaredLength: the length of the content, if the application or handler has given one.
  package static func decide(
    requestMethod: HTTPMethod,
    requestVersion: HTTPVersion,
    status: HTTPStatus,
    declaredLength: Int64?
  ) -> ResponseFraming {
    // RFC 9112 6.3 (1): HEAD, 1xx, 204 and 304 end with the head.
    if requestMethod == .head || !status.allowsBody { return .none }
    // (2): after a 2xx to CONNECT come the tunnel's bytes.
    if requestMethod == .connect, 200...299 ~= status.code { return .none }
    if let declaredLength, declaredLength >= 0 { return .length(declaredLength) }
    // RFC 9112 7: chunked is never sent to HTTP/1.0.
    return requestVersion == .http11 ? .chunked : .untilClose
  }
}
