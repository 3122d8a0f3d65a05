import HTTPCore

/// The conditions that a request makes (RFC 9110 13.1), read from its head.
package struct Preconditions: Sendable, Equatable {
  package var ifMatch: EntityTagCondition?
  /// Dates are seconds since the epoch. One that is no date counts as absent (RFC 9110 13.1.3, 13.1.4).
  package var ifUnmodifiedSince: Int64?
  package var ifNoneMatch: EntityTagCondition?
  package var ifModifiedSince: Int64?
  package var ifRange: IfRange?

  package enum IfRange: Sendable, Equatable {
    case entityTag(EntityTag)
    case date(Int64)
    /// It is there, but nothing can equal it.
    case invalid
  }

  package enum Outcome: Sendable, Equatable {
    case proceed
    /// 304
    case notModified
    /// 412
    case failed
  }

  package init() {}

  /// - Parameter bytes: Those that the spans of the head are relative to.
  package init(_ head: RequestHead, _ bytes: RawSpan) {
    for field in head.fields {
      let value = bytes.extracting(field.value.range)
      switch field.known {
      case .ifMatch:
        let condition = EntityTagCondition(value)
        ifMatch = ifMatch?.joined(condition) ?? condition
      case .ifNoneMatch:
        let condition = EntityTagCondition(value)
        ifNoneMatch = ifNoneMatch?.joined(condition) ?? condition
      case .ifRange:
        ifRange = ifRange == nil ? Self.ifRange(value) : .invalid
      default: break
      }
    }
    ifUnmodifiedSince = Self.date(.ifUnmodifiedSince, head, bytes)
    ifModifiedSince = Self.date(.ifModifiedSince, head, bytes)
  }

  /// Evaluates in the order of RFC 9110 13.2.2; `If-Range`, its last step, is ``rangeApplies(to:)``.
  ///
  /// - Parameter isRead: Whether the method is GET or HEAD.
  package func evaluate(_ validators: Validators, isRead: Bool) -> Outcome {
    if let ifMatch {
      guard ifMatch.matches(where: { validators.entityTag?.matchesStrongly($0) ?? false }) else {
        return .failed
      }
    } else if let ifUnmodifiedSince {
      guard validators.lastModified <= ifUnmodifiedSince else { return .failed }
    }
    if let ifNoneMatch {
      guard ifNoneMatch.matches(where: { validators.entityTag?.matchesWeakly($0) ?? false }) else {
        return .proceed
      }
      return isRead ? .notModified : .failed
    }
    if isRead, let ifModifiedSince, validators.lastModified <= ifModifiedSince { return .notModified }
    return .proceed
  }

  /// Whether `Range` is to be looked at, of a request that proceeds (RFC 9110 13.1.5): without `If-Range`, or with
  /// one that the file still answers to exactly.
  package func rangeApplies(to validators: Validators) -> Bool {
    switch ifRange {
    case nil: true
    case .entityTag(let tag): validators.entityTag?.matchesStrongly(tag) ?? false
    case .date(let date): validators.lastModified == date
    case .invalid: false
    }
  }

  private static func ifRange(_ value: RawSpan) -> IfRange {
    var end = 0
    if let tag = EntityTag.parse(value, at: &end) {
      return end == value.byteCount ? .entityTag(tag) : .invalid
    }
    return HTTPDate.parse(value).map(IfRange.date) ?? .invalid
  }

  /// Two of them are a list, which is no date.
  private static func date(_ name: KnownField, _ head: RequestHead, _ bytes: RawSpan) -> Int64? {
    guard head.count(of: name) == 1, let value = head.first(name) else { return nil }
    return HTTPDate.parse(bytes.extracting(value.range))
  }
}
