import Testing

@testable import StaticFiles

@Suite struct PrefixFilterTests {
  private func passes(_ path: String, _ prefixes: String...) -> Bool {
    let filter = PrefixFilter(prefixes.map { PathPrefix($0) })
    return Array(path.utf8).withUnsafeBytes { filter.mayHavePrefix($0.bytes) }
  }

  @Test(arguments: ["/static", "/static/", "/static/a", "/a", "/a/b", "/assets/of/the/shop/x.css"])
  func `what is beneath a prefix passes`(path: String) {
    #expect(passes(path, "/static", "/a", "/assets/of/the/shop"))
    #expect(passes(path, "/"))
  }

  @Test(arguments: ["/", "/stati", "/Static/a", "/b", "", "//static/a", "/application"])
  func `what has another beginning does not`(path: String) {
    #expect(!passes(path, "/static", "/assets", "/favicon.ico"))
  }

  @Test func `without routes nothing passes`() {
    #expect(!passes("/"))
  }
}
