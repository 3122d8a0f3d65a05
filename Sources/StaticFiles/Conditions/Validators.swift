/// What tells one state of a file from another (RFC 9110 8.8).
package struct Validators: Sendable, Equatable {
  /// Nil where the route sends none.
  package let entityTag: EntityTag?
  /// Seconds since the epoch.
  package let lastModified: Int64

  package init(entityTag: EntityTag?, lastModified: Int64) {
    self.entityTag = entityTag
    self.lastModified = lastModified
  }

  /// - Parameters:
  ///   - coding: The content coding of what is sent, if it has one.
  ///   - hasTag: false for a date alone.
  ///   - now: Seconds since the epoch. `Last-Modified` is never later than `Date` (RFC 9110 8.8.2.1).
  package init(_ metadata: FileMetadata, coding: StaticString? = nil, hasTag: Bool = true, now: Int64) {
    self.init(
      entityTag: hasTag ? EntityTag(metadata, coding: coding) : nil,
      lastModified: min(metadata.modified, now)
    )
  }
}
