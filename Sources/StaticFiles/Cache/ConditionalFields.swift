import HTTPCore

/// Which conditions a request makes, as far as most requests make any: what is beyond that goes the long way.
struct ConditionalFields {
  private(set) var ifNoneMatch: FieldSpan?
  private(set) var range: FieldSpan?
  /// There is a date or a second field to look at.
  private(set) var isComplex = false

  init(_ head: borrowing RequestHead) {
    var hasDate = false
    for field in head.fields {
      switch field.known {
      case .ifNoneMatch:
        isComplex = isComplex || ifNoneMatch != nil
        ifNoneMatch = field.value
      case .range:
        isComplex = isComplex || range != nil
        range = field.value
      case .ifModifiedSince: hasDate = true
      case .ifMatch, .ifUnmodifiedSince, .ifRange: isComplex = true
      default: continue
      }
    }
    // RFC 9110 13.1.3: beside If-None-Match the date counts for nothing.
    if hasDate, ifNoneMatch == nil { isComplex = true }
  }
}
