/// What tells one state of a file from another (RFC 9110 8.8).
package struct Validators: Sendable, Equatable {
  package let entityTag: EntityTag
  /// Seconds since the epoch.
  package let lastModified: Int64

  package init(entityTag: EntityTag, lastModified: Int64) {
    self.entityTag = entityTag
    self.lastModified = lastModified
  }

  /// - Parameters:
  ///   - coding: The content coding of what is sent, if it has one.
  ///   - now: Seconds since the epoch. `Last-Modified` is never later than `Date` (RFC 9110 8.8.2.1).
  package init(_ metadata: FileMetadata, coding: StaticString? = nil, now: Int64) {
    self.init(entityTag: EntityTag(metadata, coding: coding), lastModified: min(metadata.modified, now))
  }
}
