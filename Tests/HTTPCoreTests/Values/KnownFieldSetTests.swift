import Testing

@testable import HTTPCore

@Suite("Known field set")
struct KnownFieldSetTests {
  @Test func everyFieldHasAPlaceOfItsOwn() {
    #expect(KnownField.allCases.count <= 128)
    var set = KnownFieldSet()
    let isNew = KnownField.allCases.map { set.insert($0) }
    #expect(isNew.allSatisfy { $0 })
    let isNewAgain = KnownField.allCases.map { set.insert($0) }
    #expect(!isNewAgain.contains(true))
  }
}
