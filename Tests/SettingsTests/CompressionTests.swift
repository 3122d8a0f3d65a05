import Testing

@testable import Settings

@Suite struct CompressionTests {
  @Test func `nothing is compressed unless it is asked for`() throws {
    let settings = try settings("app:app")
    #expect(settings.compression.codings == nil)
    #expect(settings.compression.types == .compressible)
    #expect(settings.compression.minimumSize.bytes == 1024)
  }

  @Test func `codings come in the order of preference, with levels`() throws {
    let settings = try settings(
      "app:app",
      "--compress",
      "zstd:19, GZIP:6,br",
      "--compress-types",
      "text/html, *+json",
      "--compress-min-size=2k"
    )
    #expect(
      settings.compression.codings?.elements == [
        .init(coding: .zstd, level: 19), .init(coding: .gzip, level: 6), .init(coding: .brotli, level: nil),
      ]
    )
    #expect(settings.compression.codings?.description == "zstd:19,gzip:6,br")
    #expect(settings.compression.types.patterns == ["text/html", "*+json"])
    #expect(settings.compression.minimumSize.bytes == 2048)
  }

  @Test(arguments: [
    "", ",", "gzip,", "deflate", "gzip:0", "gzip:10", "gzip:", "gzip:a", "br:12", "zstd:20", "zstd:0",
    "gzip,br,gzip",
    "gzip:1:2", "gzip br",
  ])
  func `a list of codings that is none is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try CompressionList(parsing: text) }
  }

  @Test(arguments: ["", ",", "text", "text/html;q=1", "a/*b", "te xt/html", "text/\"", "**"])
  func `a list of media types that is none is refused`(text: String) {
    #expect(throws: InvalidValue.self) { try MediaTypeList(parsing: text) }
  }

  @Test func `a static route says in which codings its files go out`() throws {
    let plain = try StaticRoute(parsing: "/static=dir").options
    #expect(plain.precompressed == [])
    #expect(plain.compress == [])
    #expect(!plain.isWarm)
    let all = try StaticRoute(parsing: "/static=dir,precompressed,compress,warm").options
    #expect(all.precompressed == [.brotli, .zstd, .gzip])
    #expect(all.compress == [.brotli, .zstd, .gzip])
    #expect(all.isWarm)
    let some = try StaticRoute(parsing: "/static=dir,precompressed=gzip br,compress=zstd").options
    #expect(some.precompressed == [.gzip, .brotli])
    #expect(some.compress == [.zstd])
  }

  @Test(arguments: [
    "precompressed=deflate", "compress=gzip gzip", "compress=", "precompressed=br:5", "warm=yes",
  ])
  func `a coding of a route that is none is refused`(option: String) {
    #expect(throws: InvalidValue.self) { try StaticRoute(parsing: "/static=dir,\(option)") }
  }

  @Test func `what is kept of static files has bounds`() throws {
    #expect(try settings("app").limits.staticCache.bytes == 32 << 20)
    #expect(try settings("app").limits.staticCacheFile.bytes == 256 << 10)
    let own = try settings("app", "--static-cache", "0", "--static-cache-file=1m")
    #expect(own.limits.staticCache.bytes == 0)
    #expect(own.limits.staticCacheFile.bytes == 1 << 20)
  }
}
