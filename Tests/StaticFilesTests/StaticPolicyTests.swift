import HTTPCore
import Testing

@testable import StaticFiles

private func path(_ text: String) -> RelativePath { RelativePath(Array(text.utf8)[...]) }

@Suite struct NamePatternTests {
  @Test(arguments: [
    ("*", "a/b.css"), ("*.css", "a/b.css"), ("*.css", ".css"), ("b.*", "a/b.css"), ("?.css", "a/b.css"),
    ("*b*s", "abc.css"), ("a*b*c", "a-b-b-c"), ("a/*", "a/b/c.css"), ("/a/*.css", "a/b/c.css"),
    ("a/*/c.css", "a/b/c.css"), ("*/c.css", "a/b/c.css"), ("*.tar.gz", "x.tar.gz"), ("é*", "été"),
  ])
  func `a pattern matches`(pattern: String, name: String) {
    #expect(NamePattern(pattern).matches(path(name)))
  }

  @Test(arguments: [
    ("*.css", "a/b.css.map"), ("*.css", "css"), ("?.css", "bb.css"), ("b", "b/c"), ("a/*", "a"),
    ("a/*", "b/a/c"),
    ("", "a"), ("*a", "b"), ("*.CSS", "b.css"), ("a*b", "acbc"),
  ])
  func `a pattern does not match`(pattern: String, name: String) {
    #expect(!NamePattern(pattern).matches(path(name)))
  }

  @Test func `many stars take no time to speak of`() {
    let pattern = NamePattern(String(repeating: "*a", count: 60) + "b")
    #expect(!pattern.matches(path(String(repeating: "a", count: 4000))))
  }

  @Test func `an extension alone is told from other patterns`() {
    #expect(NamePattern("*.glb").fileExtension == "glb")
    for other in ["*", "*.", "*.tar.gz", "a.glb", "*.g*", "x/*.glb"] {
      #expect(NamePattern(other).fileExtension.map { $0.isEmpty } ?? true, "\(other)")
    }
  }
}

@Suite struct HashedNameTests {
  @Test(arguments: [
    "shop.3f2a91bc.css", "shop.3f2a91bc5d07.min.css", "a/app-3F2A91BC.js",
    "main.0a1b2c3d4e5f60718293.chunk.js",
    "index-B7hX9a3k.js", "shop.3f2a91bc.js.map", "css.55e7cbb9ba48.svg",
  ])
  func `a name with a hash in it is told`(name: String) {
    #expect(HashedName.isHashed(path(name)))
  }

  @Test(arguments: [
    "shop.css", "report-20240131.pdf", "photo-deadbeef.jpg", "3f2a91bc.css", "shop.3f2a91b.css",
    "shop.3f2a91bc",
    "a-MyFamily.jpg", "3f2a91bc/shop.css", "", "...", "archive-2024-01-31.zip",
    "v-VERSION2.js",
  ])
  func `any other name is not`(name: String) {
    #expect(!HashedName.isHashed(path(name)))
  }
}

@Suite struct TryPatternTests {
  @Test(arguments: [
    ("$uri", "a/b", "a/b"), ("$uri", "a/b/", "a/b/"), ("$uri.html", "a/b", "a/b.html"),
    ("$uri.html", "a/", "a/.html"),
    ("$uri/index.html", "a", "a/index.html"), ("$uri/index.html", "a/", "a/index.html"),
    ("$uri/", "a/", "a/"), ("$uri/index.html", "", "index.html"), ("$uri/", "a", "a/"),
    ("$uri/", "", ""), ("app.html", "a/b", "app.html"), ("$uri/$uri", "a", "a/a"),
    ("pre/$uri.txt", "a", "pre/a.txt"),
  ])
  func `a pattern names a file by the request's path`(pattern: String, request: String, candidate: String) {
    #expect(TryPattern(pattern).path(for: path(request)) == path(candidate))
  }
}

@Suite struct StaticPolicyTests {
  private func fields(_ policy: StaticPolicy, _ name: String) -> String {
    var fields = HeaderBlock()
    policy.appendFields(to: &fields, for: path(name), now: 0)
    return String(decoding: fields.bytes, as: UTF8.self)
  }

  @Test func `a pattern outranks a hash in the name, and that what is said of all files`() throws {
    var policy = StaticPolicy()
    try policy.setCacheControl("max-age=60", for: nil)
    policy.setImmutable(nil)
    try policy.setCacheControl("no-cache", for: NamePattern("*.html"))
    #expect(fields(policy, "index.html") == "Cache-Control: no-cache\r\n")
    #expect(fields(policy, "a.3f2a91bc.html") == "Cache-Control: no-cache\r\n")
    #expect(fields(policy, "a.3f2a91bc.css") == "Cache-Control: public, max-age=31536000, immutable\r\n")
    #expect(fields(policy, "a.css") == "Cache-Control: max-age=60\r\n")
  }

  @Test func `Expires comes with Cache-Control, as of nginx`() {
    var policy = StaticPolicy()
    policy.setExpires(after: 3600, for: NamePattern("*.css"))
    policy.setExpires(after: nil, for: nil)
    #expect(
      fields(policy, "a.css") == "Cache-Control: max-age=3600\r\nExpires: Thu, 01 Jan 1970 01:00:00 GMT\r\n"
    )
    #expect(fields(policy, "a.js") == "Expires: Thu, 01 Jan 1970 00:00:01 GMT\r\nCache-Control: no-cache\r\n")
  }

  @Test func `fields of a pattern are added to those of all files`() throws {
    var policy = StaticPolicy()
    try policy.addField(name: "X-A", value: "1", for: nil)
    try policy.addField(name: "X-B", value: "2", for: NamePattern("*.css"))
    #expect(fields(policy, "a.css") == "X-A: 1\r\nX-B: 2\r\n")
    #expect(fields(policy, "a.js") == "X-A: 1\r\n")
  }

  @Test(arguments: [
    ("X A", "1"), ("", "1"), ("X", "a\nb"), ("Content-Length", "3"), ("Connection", "close"), ("etag", "x"),
    ("Content-Encoding", "gzip"),
  ])
  func `a field that can't be sent is refused at the start`(name: String, value: String) {
    var policy = StaticPolicy()
    #expect(throws: StaticPolicyError.self) { try policy.addField(name: name, value: value, for: nil) }
  }

  @Test func `a type by pattern outranks the table`() throws {
    var policy = StaticPolicy()
    try policy.setType("model/own", for: NamePattern("*.glb"))
    try policy.setType("text/x-notes", for: NamePattern("notes/*"))
    #expect(policy.mediaType(of: path("a.glb")) == Array("model/own".utf8))
    #expect(policy.mediaType(of: path("notes/a.glb")) == Array("text/x-notes".utf8))
    #expect(policy.mediaType(of: path("a.css")) == Array("text/css; charset=utf-8".utf8))
  }
}
