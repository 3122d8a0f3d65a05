import HTTPCore

/// What a GET or HEAD request of a file is answered with: preconditions first, then the range.
package enum FileSelection: Sendable, Equatable {
  /// 200
  case whole
  /// 206
  case part(ByteRange)
  /// 206 with several parts
  case parts([ByteRange])
  /// 304
  case notModified
  /// 412
  case preconditionFailed
  /// 416
  case rangeNotSatisfiable

  /// - Parameters:
  ///   - head: Of a request with the method GET or HEAD.
  ///   - bytes: Those that the spans of the head are relative to.
  ///   - size: The size of the file.
  ///   - maxRanges: Most ranges of one request; 0 for none at all.
  package init(
    _ head: RequestHead,
    _ bytes: RawSpan,
    validators: Validators,
    size: Int64,
    maxRanges: Int = 32
  ) {
    let preconditions = Preconditions(head, bytes)
    switch preconditions.evaluate(validators, isRead: true) {
    case .failed: self = .preconditionFailed
    case .notModified: self = .notModified
    case .proceed:
      // RFC 9110 14.2: a range is defined for GET alone, and after all preconditions. Two fields are no
      // list: Range is no list-based field (5.3), and which of them counts would be a guess.
      guard head.method == .get, head.count(of: .range) == 1, let range = head.first(.range),
        preconditions.rangeApplies(to: validators)
      else {
        self = .whole
        return
      }
      switch RangeRequest(bytes.extracting(range.range), size: size, limit: maxRanges) {
      case .whole: self = .whole
      case .part(let part): self = .part(part)
      case .parts(let parts): self = .parts(parts)
      case .unsatisfiable: self = .rangeNotSatisfiable
      }
    }
  }
}
