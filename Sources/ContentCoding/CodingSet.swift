/// Some of the codings, in one byte.
package struct CodingSet: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package init(_ coding: Coding) {
    self.init(rawValue: 1 << coding.rawValue)
  }

  package init(_ codings: some Sequence<Coding>) {
    self = codings.reduce(into: []) { $0.formUnion(CodingSet($1)) }
  }

  package func contains(_ coding: Coding) -> Bool { contains(CodingSet(coding)) }
}
