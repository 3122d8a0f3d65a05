import Testing

@testable import Settings

@Suite struct ApplicationMountTests {
  @Test(arguments: [
    ("/shop=shop:app", "/shop", "shop:app"),
    ("/shop/=shop.web", "/shop", "shop.web"),
    ("/=app:app", "/", "app:app"),
    ("/a/b-c.d=./web/server.py:site", "/a/b-c.d", "./web/server.py:site"),
    ("/café=app", "/café", "app"),
    ("/a=shop:create(name='x')", "/a", "shop:create(name='x')"),
    ("/a=shop:create('x', 1, flag=True)", "/a", "shop:create('x', 1, flag=True)"),
    ("/a=shop:create([1, 2], {'k': (3, 4)})", "/a", "shop:create([1, 2], {'k': (3, 4)})"),
    ("/a=shop:create(\"),stream\")", "/a", "shop:create(\"),stream\")"),
    ("/a=shop:create(')', \"'\")", "/a", "shop:create(')', \"'\")"),
  ])
  func `a mount is a normalised prefix and an application`(
    text: String,
    prefix: String,
    application: String
  ) throws {
    let mount = try ApplicationMount(parsing: text)
    #expect(mount.prefix == prefix)
    #expect(mount.application == application)
    #expect(mount.streamsRequests == nil)
    #expect(mount.timeout == nil)
    #expect(try ApplicationMount(parsing: mount.description) == mount)
  }

  @Test(
    arguments: [
      ("/a=b:c,stream", true, nil),
      ("/a=b:c,buffer", false, nil),
      ("/a=b:c,timeout=0", nil, "0"),
      ("/a=b:c,timeout=0.5", nil, "0.5"),
      ("/a=b:c,stream,timeout=120", true, "120"),
      ("/a=b:c,timeout=120,stream", true, "120"),
      ("/a=b:c,stream,buffer", false, nil),
      ("/a=b:c('x,y', 1),stream", true, nil),
      ("/a=b:c([1, 2], \"(\"),buffer,timeout=3", false, "3"),
    ] as [(String, Bool?, String?)]
  )
  func `options follow after commas`(text: String, streams: Bool?, timeout: String?) throws {
    let mount = try ApplicationMount(parsing: text)
    #expect(mount.prefix == "/a")
    #expect(mount.application.hasPrefix("b:c"))
    #expect(!mount.application.contains("stream") && !mount.application.contains("timeout"))
    #expect(mount.streamsRequests == streams)
    #expect(mount.timeout?.description == timeout)
    #expect(try ApplicationMount(parsing: mount.description) == mount)
  }

  @Test(arguments: [
    ("", "it must be PREFIX=APP"),
    ("/shop", "it must be PREFIX=APP"),
    ("shop:app", "it must be PREFIX=APP"),
    ("/a,b=shop:app", "it must be PREFIX=APP"),
    ("shop=shop:app", "the prefix must begin with /"),
    ("=shop:app", "the prefix must begin with /"),
    ("/shop=", "after = comes the application"),
    ("/shop=,stream", "after = comes the application"),
    ("/a?b=c:d", "the prefix is a plain path"),
    ("/a%20b=c:d", "the prefix is a plain path"),
    ("/a/../b=c:d", "the prefix must have no . or .."),
    ("//a=c:d", "the prefix must have no . or .."),
    ("/a=b:c,", "'' is no option of a mount"),
    ("/a=b:c, stream", "' stream' is no option of a mount"),
    ("/a=b:c,Stream", "'Stream' is no option of a mount"),
    ("/a=b:c,threads=4", "'threads=4' is no option of a mount"),
    ("/a=b:c,timeout", "'timeout' is no option of a mount"),
    ("/a=b:c,timeout=", "timeout= must be a number of seconds"),
    ("/a=b:c,timeout=-1", "timeout= must be a number of seconds"),
    ("/a=b:c,timeout=soon", "timeout= must be a number of seconds"),
    ("/a=b:c,timeout=86401", "timeout= must be a number of seconds, 0 to 86400"),
    ("/a=b:c),stream,no", "'no' is no option of a mount"),
  ])
  func `anything else is refused with the reason`(text: String, reason: String) {
    let error = #expect(throws: InvalidValue.self) { try ApplicationMount(parsing: text) }
    #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "accepted")")
  }

  @Test func `mounts stand beside the argument, which is the one under the root`() throws {
    let both = try settings("site:app", "--mount", "/shop=shop:app,stream", "--mount=/admin=admin:app")
    #expect(both.mounts.map(\.description) == ["/=site:app", "/shop=shop:app,stream", "/admin=admin:app"])
    let mounted = try settings("--mount", "/shop=shop:app")
    #expect(mounted.application == nil)
    #expect(mounted.mounts.map(\.prefix) == ["/shop"])
  }

  @Test(arguments: [
    ["--mount", "/a=b:c", "--mount", "/a/=d:e"],
    ["site:app", "--mount", "/=shop:app"],
  ])
  func `a prefix can name one application`(arguments: [String]) throws {
    #expect(try refusal(arguments).contains("Two applications have the prefix"))
  }
}
