/// A set of fields: one bit each.
package struct KnownFieldSet: Sendable, Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  @inline(__always)
  package init() {}

  /// Adds a field.
  ///
  /// - Returns: whether it was not there before.
  package mutating func insert(_ field: KnownField) -> Bool {
    let bit = UInt64(1) << UInt64(field.rawValue & 63)
    let old = self
    if field.rawValue < 64 { low |= bit } else { high |= bit }
    return old != self
  }
}
