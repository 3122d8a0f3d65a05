import HTTPCore
import Testing

@Suite("Framing of responses (RFC 9112 6.3)")
struct ResponseFramingTests {
  @Test("the method, version, status and declared length decide")
  func decisions() {
    typealias Row = (HTTPMethod, HTTPVersion, HTTPStatus, Int64?, ResponseFraming)
    let rows: [Row] = [
      (.get, .http11, .ok, 5, .length(5)), (.get, .http11, .ok, 0, .length(0)),
      (.get, .http11, .ok, nil, .chunked),
      (.get, .http10, .ok, 5, .length(5)), (.get, .http10, .ok, nil, .untilClose),
      (.head, .http11, .ok, 5, .none), (.head, .http10, .ok, nil, .none),
      (.get, .http11, .noContent, 5, .none), (.get, .http10, .notModified, nil, .none),
      (.post, .http11, .continue, nil, .none), (.get, .http11, .switchingProtocols, 9, .none),
      (.connect, .http11, .ok, nil, .none), (.connect, .http11, .badRequest, nil, .chunked),
      (.other, .http11, .notFound, 1, .length(1)), (.get, .http11, .ok, -1, .chunked),
    ]
    for (method, version, status, length, expected) in rows {
      let framing = ResponseFraming.decide(
        requestMethod: method,
        requestVersion: version,
        status: status,
        declaredLength: length
      )
      #expect(framing == expected, "\(method) \(version) \(status) \(String(describing: length))")
    }
  }
}
