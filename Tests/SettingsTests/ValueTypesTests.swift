import Testing

@testable import Settings

@Suite struct ValueTypesTests {
  @Test(arguments: [
    ("/static=static", "/static", "static"),
    ("/static/=./static/", "/static", "./static/"),
    ("/=public", "/", "public"),
    ("/a/b-c/d.e=x=y", "/a/b-c/d.e", "x=y"),
    ("/fée=x", "/fée", "x"),
  ])
  func `a static route is a normalised prefix and a directory`(
    text: String,
    prefix: String,
    directory: String
  ) throws {
    let route = try StaticRoute(parsing: text)
    #expect(route.prefix == prefix)
    #expect(route.path == directory)
  }

  @Test(arguments: [
    "/static", "/static=", "static=dir", "=dir", "//=dir", "/a//b=dir", "/../a=dir", "/a/..=dir",
    "/a/./b=dir",
    "/a?b=c", "/a#b=c", "/a%20b=c", "/a\nb=c", "/static//=dir",
  ])
  func `a prefix that no request could match is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try StaticRoute(parsing: text) }
  }

  @Test(arguments: [
    ("0", 0), ("512", 512), ("1k", 1024), ("3M", 3 << 20), ("1G", 1 << 30), ("8388607g", 8_388_607 << 30),
  ])
  func `a size is bytes or units of 1024`(text: String, bytes: Int) throws {
    let size = try ByteCount(parsing: text)
    #expect(size.bytes == bytes)
    #expect(try ByteCount(parsing: size.description) == size)
  }

  @Test(arguments: [
    "", "k", "-1", "+1k", "1.5m", "1 k", "1kb", "9223372036854775807k", "9223372036854775808", "１",
  ])
  func `a size that is not one never traps`(text: String) {
    #expect(throws: InvalidValue.self) { try ByteCount(parsing: text) }
  }

  @Test(arguments: [("0", "0"), ("30", "30"), ("0.50", "0.5"), ("1.000000001", "1.000000001"), ("007", "7")])
  func `seconds are shown as they are typed`(text: String, shown: String) throws {
    #expect(try Seconds(parsing: text).description == shown)
  }
}
