import HTTPCore
import NIOCore

/// The short plain answers that the server gives by itself. They name no path, no version and no cause that a
/// client has no business with.
extension ResponseHead {
  /// The head of ``NIOCore/ByteBuffer/page(_:detail:)``.
  static func page(_ status: HTTPStatus) -> ResponseHead {
    page(status, type: "text/plain; charset=utf-8")
  }

  private static func page(_ status: HTTPStatus, type: StaticString) -> ResponseHead {
    var fields = HeaderBlock()
    fields.append(name: "Content-Type", value: type)
    // RFC 9110, section 10.2.3. How long it takes is known for 429 alone, which says so itself.
    if status == .serviceUnavailable {
      fields.append(name: "Retry-After", value: ServerConfiguration.retryAfter)
    }
    return ResponseHead(status: status, fields: fields)
  }

  static func jsonPage(_ status: HTTPStatus) -> ResponseHead {
    page(status, type: "application/json")
  }
}

extension ByteBuffer {
  static func page(_ status: HTTPStatus, detail: String? = nil) -> ByteBuffer {
    var text = "\(status)\n"
    if let detail { text += "\n\(detail)\n" }
    return ByteBuffer(string: text)
  }

  /// - Parameters: texts of ours, without anything that JSON would have escaped.
  static func jsonPage(_ status: HTTPStatus, detail: String?, requestID: String?) -> ByteBuffer {
    var members = ["\"status\": \(status.code)", "\"title\": \"\(status.reasonPhrase)\""]
    if let detail { members.append("\"detail\": \"\(detail)\"") }
    if let requestID { members.append("\"request_id\": \"\(requestID)\"") }
    return ByteBuffer(string: "{\(members.joined(separator: ", "))}\n")
  }
}

extension Exchange {
  /// Answers with a short page that says the status, and `detail` if there is any: JSON for whom prefers that.
  ///
  /// Where the fault is on our side it names the request, as the record in the log does.
  package func respond(
    _ status: HTTPStatus,
    detail: String?,
    _ addFields: (inout HeaderBlock) -> Void = { _ in }
  ) {
    let id = status.code >= 500 ? requestID : nil
    let prefersJSON = headBytes.withUnsafeReadableBytes { AcceptedMedia.prefersJSON(self.head, $0.bytes) }
    var head = prefersJSON ? ResponseHead.jsonPage(status) : .page(status)
    addFields(&head.fields)
    if prefersJSON {
      respond(head, .bytes(.jsonPage(status, detail: detail, requestID: id)))
    } else {
      let lines = [detail, id.map { "Request id: \($0)" }].compactMap { $0 }
      respond(head, .bytes(.page(status, detail: lines.isEmpty ? nil : lines.joined(separator: "\n"))))
    }
  }
}
