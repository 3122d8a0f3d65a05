/// A response status code (RFC 9110 15).
package struct HTTPStatus: Sendable, Hashable {
  /// 100…999: three digits, whether or not registered.
  package let code: UInt16

  /// Nil for a code that does not have three digits.
  package init?(code: Int) {
    guard 100...999 ~= code else { return nil }
    self.code = UInt16(truncatingIfNeeded: code)
  }

  private init(_ code: UInt16) {
    self.code = code
  }

  /// An interim response (RFC 9110 15.2): another response follows it.
  @inlinable
  package var isInformational: Bool { code < 200 }

  /// Whether a response of this status may have content (RFC 9110 6.4.1).
  @inlinable
  package var allowsBody: Bool { code >= 200 && code != 204 && code != 304 }

  package static let `continue` = HTTPStatus(100)
  package static let switchingProtocols = HTTPStatus(101)
  package static let earlyHints = HTTPStatus(103)
  package static let ok = HTTPStatus(200)
  package static let created = HTTPStatus(201)
  package static let accepted = HTTPStatus(202)
  package static let noContent = HTTPStatus(204)
  package static let resetContent = HTTPStatus(205)
  package static let partialContent = HTTPStatus(206)
  package static let movedPermanently = HTTPStatus(301)
  package static let found = HTTPStatus(302)
  package static let seeOther = HTTPStatus(303)
  package static let notModified = HTTPStatus(304)
  package static let temporaryRedirect = HTTPStatus(307)
  package static let permanentRedirect = HTTPStatus(308)
  package static let badRequest = HTTPStatus(400)
  package static let unauthorized = HTTPStatus(401)
  package static let forbidden = HTTPStatus(403)
  package static let notFound = HTTPStatus(404)
  package static let methodNotAllowed = HTTPStatus(405)
  package static let notAcceptable = HTTPStatus(406)
  package static let requestTimeout = HTTPStatus(408)
  package static let conflict = HTTPStatus(409)
  package static let gone = HTTPStatus(410)
  package static let lengthRequired = HTTPStatus(411)
  package static let preconditionFailed = HTTPStatus(412)
  package static let contentTooLarge = HTTPStatus(413)
  package static let uriTooLong = HTTPStatus(414)
  package static let unsupportedMediaType = HTTPStatus(415)
  package static let rangeNotSatisfiable = HTTPStatus(416)
  package static let expectationFailed = HTTPStatus(417)
  package static let misdirectedRequest = HTTPStatus(421)
  package static let unprocessableContent = HTTPStatus(422)
  package static let upgradeRequired = HTTPStatus(426)
  package static let tooManyRequests = HTTPStatus(429)
  package static let headerFieldsTooLarge = HTTPStatus(431)
  package static let internalServerError = HTTPStatus(500)
  package static let notImplemented = HTTPStatus(501)
  package static let badGateway = HTTPStatus(502)
  package static let serviceUnavailable = HTTPStatus(503)
  package static let gatewayTimeout = HTTPStatus(504)
  package static let versionNotSupported = HTTPStatus(505)
  package static let insufficientStorage = HTTPStatus(507)
}

extension HTTPStatus: CustomStringConvertible {
  package var description: String {
    reasonPhrase.utf8CodeUnitCount == 0 ? "\(code)" : "\(code) \(reasonPhrase)"
  }
}
