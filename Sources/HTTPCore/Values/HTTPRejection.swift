/// Why a request is refused: a status for the client, and a reason for the log.
///
/// After one, nothing more on the connection is parsed.
package struct HTTPRejection: Error, Sendable {
  package let status: HTTPStatus

  /// Says what was wrong in a few words. It never quotes the request.
  package let reason: StaticString

  package init(_ status: HTTPStatus, _ reason: StaticString) {
    self.status = status
    self.reason = reason
  }
}

extension HTTPRejection: Equatable {
  package static func == (left: HTTPRejection, right: HTTPRejection) -> Bool {
    left.status == right.status && left.reason.description == right.reason.description
  }
}

extension HTTPRejection: CustomStringConvertible {
  package var description: String { "\(status.code): \(reason)" }
}
