import HTTPCore
import HTTPServer
import NIOCore

/// Answers from memory, after one look at the file.
extension StaticFileHandler {
  /// What is kept for a request, and is what the files are now; nil where it goes the long way.
  ///
  /// - Parameter round: in which the request is answered; nil where it has an exchange.
  @inline(__always)
  private func recall(_ head: borrowing RequestHead, _ bytes: RawSpan, in round: AnswerRound? = nil)
    -> Recollection?
  {
    guard let path = head.pathSpan, prefixes.mayHavePrefix(bytes.extracting(path.range)), let memory,
      let file = memory.cache.find(bytes.extracting(path.range)),
      let choice = file.choice(for: head, bytes)
    else { return nil }
    guard file.isCurrent(choice.form, in: round) else {
      memory.cache.remove(file)
      return nil
    }
    // A directory that files come into and go from all the time is no reason to forget one that stays.
    if choice.dependsOnDirectory, !file.isStillAlone(in: round) { return nil }
    return Recollection(file, choice.form, for: head, bytes)
  }

  /// - Returns: whether the request was answered. If not, it goes the long way, which finds out why.
  func answerFromMemory(_ exchange: Exchange) -> Bool {
    switch exchange.head.method {
    case .get, .head: break
    default: return false
    }
    let bytes = exchange.headBytes
    guard let found = recall(exchange.head, bytes.readableBytesSpan) else { return false }
    let form = found.form
    switch found.answer {
    case .whole: exchange.respond(form.response)
    case .notModified(let heads):
      exchange.respond(ResponseHead(status: .notModified, fields: heads.notModified), .none)
    case .part(let part, let heads):
      var head = ResponseHead(status: .partialContent, fields: heads.content)
      head.fields.append(part, of: form.size)
      head.fields.setContentLength(part.count)
      exchange.respond(head, .bytes(form.response.content.part(offset: part.first, count: part.count)))
    case .toBeMade:
      let file = found.file
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
    return true
  }
}

extension StaticFileHandler: ImmediateResponder {
  package func mayAnswer(_ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool {
    guard memory != nil, let path = head.pathSpan else { return false }
    return prefixes.mayHavePrefix(bytes.extracting(path.range))
  }

  package func answer(_ head: borrowing RequestHead, _ bytes: RawSpan, into answer: inout AnswerBuffer)
    -> Bool
  {
    guard let found = recall(head, bytes, in: answer.round) else { return false }
    let form = found.form
    switch found.answer {
    case .whole: answer.append(form.response)
    case .notModified(let heads):
      answer.beginHead(.notModified, heads.notModified)
      answer.endHead()
    case .part(let part, let heads):
      answer.beginHead(.partialContent, heads.content)
      answer.append("Content-Range: ")
      part.appendContentRange(of: form.size, to: &answer)
      answer.append("\r\n")
      answer.endHead(content: form.response.content.part(offset: part.first, count: part.count))
    case .toBeMade: return false
    }
    return true
  }
}

/// What is kept of a file, and what of it a request is to be answered with.
private struct Recollection {
  enum Answer {
    case whole
    case notModified(CachedForm.Heads)
    case part(ByteRange, CachedForm.Heads)
    /// None of those that lie ready.
    case toBeMade
  }

  let file: CachedFile
  let form: CachedForm
  let answer: Answer

  @inline(__always)
  init(_ file: CachedFile, _ form: CachedForm, for head: borrowing RequestHead, _ bytes: RawSpan) {
    self.file = file
    self.form = form
    answer = Self.answer(file, form, head, bytes)
  }

  @inline(__always)
  private static func answer(
    _ file: CachedFile,
    _ form: CachedForm,
    _ head: borrowing RequestHead,
    _ bytes: RawSpan
  ) -> Answer {
    let conditions = ConditionalFields(head)
    guard let heads = form.heads, !conditions.isComplex else { return .toBeMade }
    switch (conditions.ifNoneMatch, conditions.range) {
    case (nil, nil): return .whole
    case (let value?, _):
      return heads.hasTag(bytes.extracting(value.range)) ? .notModified(heads) : .toBeMade
    case (nil, let value?):
      guard head.method == .get else { return .toBeMade }
      let range = RangeRequest(
        bytes.extracting(value.range),
        size: form.size,
        limit: file.mount.policy.maxRanges
      )
      guard case .part(let part) = range else { return .toBeMade }
      return .part(part, heads)
    }
  }
}

extension CachedForm.Heads {
  /// Whether the value of a condition is the tag of this form, and nothing else.
  fileprivate func hasTag(_ value: RawSpan) -> Bool {
    let tag = tag
    return !tag.isEmpty && value.equals(tag.span.bytes)
  }
}

extension CachedForm {
  /// In bytes.
  fileprivate var size: Int64 { Int64(response.content.readableBytes) }
}
