import HTTPCore
import HTTPServer
import NIOCore

/// Answers from memory, after one look at the file.
extension StaticFileHandler {
  /// - Returns: whether the request was answered. If not, it goes the long way, which finds out why.
  func answerFromMemory(_ exchange: Exchange) -> Bool {
    switch exchange.head.method {
    case .get, .head: break
    default: return false
    }
    guard let memory, let path = exchange.head.pathSpan else { return false }
    let bytes = exchange.headBytes
    guard let file = memory.cache.find(bytes.readableBytesSpan.extracting(path.range)),
      let choice = file.choice(for: file.mount.policy.codings.ranked(for: exchange))
    else { return false }
    guard file.isCurrent(choice.form) else {
      memory.cache.remove(file)
      return false
    }
    // A directory that files come into and go from all the time is no reason to forget one that stays.
    if choice.dependsOnDirectory, !file.isStillAlone { return false }
    answer(exchange, file, choice.form)
    return true
  }

  private func answer(_ exchange: Exchange, _ file: CachedFile, _ form: CachedForm) {
    let conditions = ConditionalFields(exchange.head)
    if let heads = form.heads, !conditions.isComplex {
      switch (conditions.ifNoneMatch, conditions.range) {
      case (nil, nil): return exchange.respond(form.response)
      case (let tag?, _) where heads.hasTag(exchange.headBytes, tag):
        return exchange.respond(ResponseHead(status: .notModified, fields: heads.notModified), .none)
      case (nil, let range?) where exchange.head.method == .get:
        if respond(exchange, range, file, form, heads) { return }
      default: break
      }
    }
    FileResponse(
      exchange: exchange,
      mount: file.mount,
      path: file.source.path,
      representation: Representation(
        form.response.content,
        of: (form.sidecar ?? file.source).stamp.metadata,
        coding: form.coding
      )
    ).send()
  }

  /// Answers with one range.
  ///
  /// - Returns: false where it is not one.
  private func respond(
    _ exchange: Exchange,
    _ range: FieldSpan,
    _ file: CachedFile,
    _ form: CachedForm,
    _ heads: CachedForm.Heads
  ) -> Bool {
    let size = Int64(form.response.content.readableBytes)
    let bytes = exchange.headBytes
    let request = RangeRequest(
      bytes.readableBytesSpan.extracting(range.range),
      size: size,
      limit: file.mount.policy.maxRanges
    )
    guard case .part(let part) = request else { return false }
    var head = ResponseHead(status: .partialContent, fields: heads.content)
    head.fields.append(part, of: size)
    head.fields.setContentLength(part.count)
    exchange.respond(head, .bytes(form.response.content.part(offset: part.first, count: part.count)))
    return true
  }
}

extension CachedForm.Heads {
  /// Whether the value of a condition is the tag of this form, and nothing else.
  fileprivate func hasTag(_ bytes: ByteBuffer, _ value: FieldSpan) -> Bool {
    guard tag.count == value.count, !tag.isEmpty else { return false }
    return bytes.readableBytesSpan.extracting(value.range).equals(tag.span.bytes)
  }
}
