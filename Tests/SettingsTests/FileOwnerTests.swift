import Testing

@testable import Settings

@Suite("File owner")
struct FileOwnerTests {
  private static let owners: [(String, String?, String?)] = [
    ("www-data", "www-data", nil), ("www-data:adm", "www-data", "adm"), (":33", nil, "33"),
  ]

  @Test(arguments: owners)
  func `a user, a group, or both`(text: String, user: String?, group: String?) throws {
    let owner = try FileOwner(parsing: text)
    #expect(owner.user == user)
    #expect(owner.group == group)
    #expect(owner.description == text)
  }

  @Test(arguments: ["", ":", "a:", "a:b:c"])
  func `anything else is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try FileOwner(parsing: text) }
  }
}
