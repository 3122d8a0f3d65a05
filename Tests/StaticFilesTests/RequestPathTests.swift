import HTTPCore
import Testing

@testable import StaticFiles

@Suite struct RequestPathTests {
  @Test(arguments: [
    ("/", "/"),
    ("/a/b.css", "/a/b.css"),
    ("/a/", "/a/"),
    ("/a//b///c", "/a/b/c"),
    ("//evil.example/a", "/evil.example/a"),
    ("/./a/./b/.", "/a/b/"),
    ("/a/../b", "/b"),
    ("/a/b/..", "/a/"),
    ("/a/b/../..", "/"),
    ("/a/...", "/a/..."),
    ("/a/..b", "/a/..b"),
    ("/%61%2Fb", "/a/b"),
    ("/a%2f..%2fb", "/b"),
    ("/a/%2e%2E/b", "/b"),
    ("/a/.%2e/b", "/b"),
    ("/%252e%252e/b", "/%2e%2e/b"),
    (#"/a\..\b"#, #"/a\..\b"#),
    ("/a/%5c..%5cb", #"/a/\..\b"#),
    ("/caf%C3%A9/%20+", "/café/ +"),
    ("/a%3Fb%23c", "/a?b#c"),
  ])
  func `a path is decoded, then normalised`(raw: String, normalized: String) throws {
    let path = try RequestPath(Array(raw.utf8).span.bytes)
    #expect(String(decoding: path.bytes, as: UTF8.self) == normalized)
    #expect(path.endsWithSlash == normalized.hasSuffix("/"))
  }

  @Test(arguments: [
    ("", RequestPathFault.notAbsolute),
    ("a", .notAbsolute),
    ("*", .notAbsolute),
    ("/..", .aboveRoot),
    ("/../etc/passwd", .aboveRoot),
    ("/a/../../b", .aboveRoot),
    ("/a/..//../b", .aboveRoot),
    ("/%2e%2e/b", .aboveRoot),
    ("/..%2f..%2fetc/passwd", .aboveRoot),
    ("/a/%2e%2e%2f%2e%2e", .aboveRoot),
    ("/a.jpg%00.php", .controlCharacter),
    ("/a%0d%0aSet-Cookie:x", .controlCharacter),
    ("/a%7f", .controlCharacter),
    ("/a\tb", .controlCharacter),
    ("/a%", .malformedEscape),
    ("/a%4", .malformedEscape),
    ("/a%zz", .malformedEscape),
  ])
  func `a path that cannot be served is refused`(raw: String, fault: RequestPathFault) {
    #expect(throws: fault) { try RequestPath(Array(raw.utf8).span.bytes) }
  }

  @Test func `names are bytes, in UTF-8 or not`() throws {
    #expect(try RequestPath(Array("/%FF%80".utf8).span.bytes).bytes == [0x2F, 0xFF, 0x80])
  }

  @Test(arguments: [
    ("/a", "/a/"),
    ("/a/", "/a/"),
    ("//evil.example/..", "/"),
    ("//evil.example", "/evil.example/"),
    ("/%2Fevil.example", "/evil.example/"),
    (#"/\evil.example"#, "/%5Cevil.example/"),
    ("/a b?", "/a%20b%3F/"),
    ("/caf%C3%A9", "/caf%C3%A9/"),
    ("/a/..//evil.example", "/evil.example/"),
  ])
  func `a redirect to a directory stays on this host`(raw: String, location: String) throws {
    let path = try RequestPath(Array(raw.utf8).span.bytes)
    #expect(String(decoding: path.directoryLocation, as: UTF8.self) == location)
  }
}

@Suite struct PathPrefixTests {
  @Test(arguments: [
    ("/static", "/static/a.css", "a.css"),
    ("/static/", "/static/a/b", "a/b"),
    ("/static", "/static", ""),
    ("/static", "/static/", ""),
    ("/static", "/static/a/", "a/"),
    ("/static", "//static//a", "a"),
    ("/a/b", "/a/b/c", "c"),
    ("/", "/", ""),
    ("/", "/a/b", "a/b"),
    ("/static", "/x/../static/a", "a"),
  ])
  func `what follows the prefix is the file's path`(prefix: String, raw: String, rest: String) throws {
    let path = try RequestPath(Array(raw.utf8).span.bytes)
    let remainder = try #require(PathPrefix(prefix).remainder(of: path))
    #expect(String(decoding: remainder.bytes, as: UTF8.self) == rest)
  }

  @Test(arguments: [
    ("/static", "/static../settings.py"),
    ("/static", "/statics/a"),
    ("/static", "/Static/a"),
    ("/static", "/stati"),
    ("/static", "/"),
    ("/static", "/a/static/b"),
    ("/static", "/static/../b"),
    ("/a/b", "/a"),
    ("/static", "/static%2e%2e/a"),
  ])
  func `a prefix matches whole segments only`(prefix: String, raw: String) throws {
    let path = try RequestPath(Array(raw.utf8).span.bytes)
    #expect(PathPrefix(prefix).remainder(of: path) == nil)
  }

  @Test(arguments: [
    ("a.css", false), ("", false), ("a/b.c/d", false), (".well-known/acme", false), ("a./b", false),
    (".env", true), (".git/config", true), ("a/.hidden", true), (".well-known/.x", true),
    (".well-known2/x", true),
    ("...", true), ("a/.b/", true),
  ])
  func `names that begin with a dot are hidden, but for well-known ones`(path: String, isHidden: Bool) {
    #expect(RelativePath(Array(path.utf8)[...]).isHidden == isHidden)
  }

  @Test(arguments: [("", "index.html"), ("a", "a/index.html"), ("a/", "a/index.html")])
  func `the index is a file of the directory`(path: String, index: String) {
    let appended = RelativePath(Array(path.utf8)[...]).appending("index.html")
    #expect(String(decoding: appended.bytes, as: UTF8.self) == index)
  }
}
