import HTTPCore
import Testing

@testable import StaticFiles

/// RFC 9110 13.2.2, with a file whose tag is "x" and that was last changed at noon.
@Suite struct PreconditionsTests {
  private static let noon = "Sun, 06 Nov 1994 12:00:00 GMT"
  private static let before = "Sun, 06 Nov 1994 11:59:59 GMT"
  private static let after = "Sun, 06 Nov 1994 12:00:01 GMT"
  private static let validators = Validators(
    entityTag: EntityTag(opaque: Array("x".utf8)),
    lastModified: 784_123_200
  )

  private func evaluate(_ fields: [(KnownField, String)], isRead: Bool = true) -> Preconditions.Outcome {
    let request = RequestFixture(.get, fields)
    return Preconditions(request.head, request.bytes.span.bytes).evaluate(Self.validators, isRead: isRead)
  }

  @Test(arguments: [
    (#""x""#, Preconditions.Outcome.proceed),
    (#""a", "x""#, .proceed),
    ("*", .proceed),
    (#"W/"x""#, .failed),
    (#""a""#, .failed),
    ("", .failed),
    ("x", .failed),
  ])
  func `If-Match compares strongly`(value: String, outcome: Preconditions.Outcome) {
    #expect(evaluate([(.ifMatch, value)]) == outcome)
    #expect(evaluate([(.ifMatch, value)], isRead: false) == outcome)
  }

  @Test(arguments: [
    (#""x""#, Preconditions.Outcome.notModified),
    (#"W/"x""#, .notModified),
    (#""a", W/"x""#, .notModified),
    ("*", .notModified),
    (#""a""#, .proceed),
    (#""X""#, .proceed),
    ("x", .proceed),
    ("", .proceed),
  ])
  func `If-None-Match compares weakly`(value: String, outcome: Preconditions.Outcome) {
    #expect(evaluate([(.ifNoneMatch, value)]) == outcome)
    #expect(
      evaluate([(.ifNoneMatch, value)], isRead: false) == (outcome == .notModified ? .failed : .proceed)
    )
  }

  @Test(arguments: [
    (noon, Preconditions.Outcome.notModified), (after, .notModified), (before, .proceed),
    ("yesterday", .proceed),
    ("", .proceed), ("Sunday, 06-Nov-94 12:00:00 GMT", .notModified),
    ("Sun Nov  6 12:00:00 1994", .notModified),
    ("Sun, 06 Nov 1994 12:00:00 GMT; length=5", .proceed),
  ])
  func `If-Modified-Since compares dates, and no date is no condition`(
    date: String,
    outcome: Preconditions.Outcome
  ) {
    #expect(evaluate([(.ifModifiedSince, date)]) == outcome)
    #expect(evaluate([(.ifModifiedSince, date)], isRead: false) == .proceed)
  }

  @Test(arguments: [
    (noon, Preconditions.Outcome.proceed), (after, .proceed), (before, .failed), ("yesterday", .proceed),
  ])
  func `If-Unmodified-Since compares dates, and no date is no condition`(
    date: String,
    outcome: Preconditions.Outcome
  ) {
    #expect(evaluate([(.ifUnmodifiedSince, date)]) == outcome)
  }

  @Test func `If-Modified-Since is ignored beside If-None-Match, a malformed one too`() {
    #expect(evaluate([(.ifNoneMatch, #""a""#), (.ifModifiedSince, Self.after)]) == .proceed)
    #expect(evaluate([(.ifModifiedSince, Self.after), (.ifNoneMatch, "nonsense")]) == .proceed)
    #expect(evaluate([(.ifNoneMatch, #""x""#), (.ifModifiedSince, Self.before)]) == .notModified)
  }

  @Test func `If-Unmodified-Since is ignored beside If-Match`() {
    #expect(evaluate([(.ifMatch, #""x""#), (.ifUnmodifiedSince, Self.before)]) == .proceed)
    #expect(evaluate([(.ifMatch, #""a""#), (.ifUnmodifiedSince, Self.after)]) == .failed)
  }

  @Test func `If-Match is evaluated before If-None-Match`() {
    #expect(evaluate([(.ifNoneMatch, #""x""#), (.ifMatch, #""a""#)]) == .failed)
    #expect(evaluate([(.ifNoneMatch, #""x""#), (.ifMatch, #""x""#)]) == .notModified)
  }

  @Test func `several lines of tags are one list, several dates are none`() {
    #expect(evaluate([(.ifNoneMatch, #""a""#), (.ifNoneMatch, #""x""#)]) == .notModified)
    #expect(evaluate([(.ifNoneMatch, #""a""#), (.ifNoneMatch, "*")]) == .proceed)
    #expect(evaluate([(.ifModifiedSince, Self.after), (.ifModifiedSince, Self.after)]) == .proceed)
  }

  @Test func `no condition is met`() {
    #expect(evaluate([]) == .proceed)
  }

  @Test(arguments: [
    (#""x""#, true), (noon, true), (#"W/"x""#, false), (#""a""#, false), (before, false), (after, false),
    ("", false), ("*", false), (#""x", "a""#, false),
  ])
  func `If-Range holds for the very same strong tag or date`(value: String, applies: Bool) {
    let request = RequestFixture(.get, [(.ifRange, value)])
    let preconditions = Preconditions(request.head, request.bytes.span.bytes)
    #expect(preconditions.rangeApplies(to: Self.validators) == applies)
  }

  // MARK: Together with the range

  private func select(_ method: HTTPMethod = .get, _ fields: [(KnownField, String)]) -> FileSelection {
    let request = RequestFixture(method, fields)
    return FileSelection(request.head, request.bytes.span.bytes, validators: Self.validators, size: 10)
  }

  @Test func `a range is looked at last, and of a GET only`() {
    let part = FileSelection.part(ByteRange(first: 0, last: 3))
    #expect(select(.get, []) == .whole)
    #expect(select(.get, [(.range, "bytes=0-3")]) == part)
    #expect(select(.head, [(.range, "bytes=0-3")]) == .whole)
    #expect(select(.get, [(.range, "bytes=10-")]) == .rangeNotSatisfiable)
    #expect(select(.get, [(.range, "bytes=10-"), (.ifNoneMatch, #""x""#)]) == .notModified)
    #expect(select(.get, [(.range, "bytes=0-3"), (.ifMatch, #""a""#)]) == .preconditionFailed)
    #expect(select(.get, [(.range, "bytes=0-3"), (.ifRange, #""x""#)]) == part)
    #expect(select(.get, [(.range, "bytes=0-3"), (.ifRange, #""a""#)]) == .whole)
    #expect(select(.get, [(.range, "bytes=20-"), (.ifRange, #""a""#)]) == .whole)
    #expect(select(.get, [(.range, "bytes=0-3"), (.ifRange, #""x""#), (.ifRange, #""x""#)]) == .whole)
    #expect(select(.get, [(.range, "bytes=0-3"), (.range, "bytes=5-6")]) == .whole)
  }
}
