/// A response's status and fields, before framing.
package struct ResponseHead: Sendable, Equatable {
  package var status: HTTPStatus

  /// The phrase beside the code; nil for the registered one.
  package private(set) var reason: [UInt8]?

  package var fields: HeaderBlock

  package init(status: HTTPStatus, fields: HeaderBlock = HeaderBlock()) {
    self.status = status
    self.fields = fields
  }

  /// Sets the application's own reason phrase (RFC 9112 4: visible characters, spaces, tabs, `obs-text`).
  package mutating func setReason(checked phrase: RawSpan) throws(HeaderFault) {
    guard HeaderBlock.isFieldText(phrase) else { throw .invalidValue }
    reason = phrase.withUnsafeBytes { Array($0) }
  }
}
