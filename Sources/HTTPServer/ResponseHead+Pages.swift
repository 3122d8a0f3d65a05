import HTTPCore
import NIOCore

/// The short plain answers that the server gives by itself. They name no path, no version and no cause that a
/// client has no business with.
extension ResponseHead {
  /// The head of ``NIOCore/ByteBuffer/page(_:detail:)``.
  static func page(_ status: HTTPStatus) -> ResponseHead {
    var fields = HeaderBlock()
    fields.append(name: "Content-Type", value: "text/plain; charset=utf-8")
    return ResponseHead(status: status, fields: fields)
  }
}

extension ByteBuffer {
  static func page(_ status: HTTPStatus, detail: String? = nil) -> ByteBuffer {
    var text = "\(status)\n"
    if let detail { text += "\n\(detail)\n" }
    return ByteBuffer(string: text)
  }
}

extension Exchange {
  /// Answers with a plain page that says the status. From any thread.
  package func postPage(_ status: HTTPStatus) {
    post(.whole(.page(status), .bytes(.page(status))))
  }

  /// Answers with a plain page that says the status, and `detail` if there is any.
  package func respond(
    _ status: HTTPStatus,
    detail: String?,
    _ addFields: (inout HeaderBlock) -> Void = { _ in }
  ) {
    var head = ResponseHead.page(status)
    addFields(&head.fields)
    respond(head, .bytes(.page(status, detail: detail)))
  }
}
