import Testing

@testable import Settings

@Suite struct StaticRouteTests {
  private func options(_ text: String) throws -> StaticOptions {
    try StaticRoute(parsing: "/a=dir,\(text)").options
  }

  @Test func `a route without options has the defaults`() throws {
    let route = try StaticRoute(parsing: "/static/=./static")
    #expect(route.prefix == "/static" && route.path == "./static")
    #expect(route.options == StaticOptions())
  }

  @Test func `options follow after commas`() throws {
    let options = try options(
      "index=home.html default.htm,try=$uri $uri.html =404,spa,autoindex,immutable,nosniff,dotfiles=deny,"
        + "symlinks=owner,charset=off,default-type=text/plain,methods=GET HEAD OPTIONS,max-ranges=5,etag=off,"
        + "limit-rate=500k"
    )
    #expect(options.index == ["home.html", "default.htm"])
    #expect(options.tries == ["$uri", "$uri.html"])
    #expect(options.missing == .notFound(page: nil))
    #expect(options.fallback == "index.html")
    #expect(options.listsDirectories && options.sendsNosniff && !options.sendsEntityTag)
    #expect(options.immutable == [nil])
    #expect(options.dotfiles == .deny && options.symlinks == .owner)
    #expect(options.charset == nil && options.defaultType == "text/plain")
    #expect(options.methods == ["GET", "HEAD", "OPTIONS"])
    #expect(options.maxRanges == 5 && options.limitRate?.bytes == 500 << 10)
  }

  @Test func `a pattern stands in brackets, and a value with commas in quotes`() throws {
    let options = try options(
      #"cache-control[*.html]=no-cache,cache-control="public, max-age=60",header=X-A: b: c,"#
        + #"header[a/*]="X-B: \"q, r\"",type[*.glb]=model/own,immutable[assets/*],expires[*.png]=30d"#
    )
    #expect(options.cacheControl.map(\.pattern) == ["*.html", nil])
    #expect(options.cacheControl.map(\.value) == ["no-cache", "public, max-age=60"])
    #expect(options.headers.map(\.value.value) == ["b: c", #""q, r""#])
    #expect(options.types.map(\.pattern) == ["*.glb"])
    #expect(options.immutable == ["assets/*"])
    #expect(options.expires.map(\.value) == [.after(30 * 86400)])
  }

  @Test(arguments: [
    ("0", Int64(0)), ("90", 90), ("90s", 90), ("15m", 900), ("12h", 43200), ("4w", 2_419_200),
    ("1y", 31_536_000),
    ("max", 315_360_000),
  ])
  func `a time has a unit, or is seconds`(text: String, seconds: Int64) throws {
    #expect(try options("expires=\(text)").expires.map(\.value) == [.after(seconds)])
  }

  @Test func `a directory with a comma in its name stands in quotes`() throws {
    let route = try StaticRoute(parsing: #"/a="x, y",spa=app.html"#)
    #expect(route.path == "x, y" && route.options.fallback == "app.html")
    #expect(route.description == #"/a="x, y",spa=app.html"#)
  }

  @Test func `404 and fallthrough say what becomes of what is missing`() throws {
    #expect(try options("404").missing == .notFound(page: nil))
    #expect(try options("404=/errors/404.html").missing == .notFound(page: "errors/404.html"))
    #expect(try options("fallthrough").missing == .fallThrough)
    #expect(try options("try=$uri $uri.html =404").missing == .notFound(page: nil))
  }

  @Test(arguments: [
    ("immutabel", "'immutabel' is no option of a static route: there are index, try, fallthrough, 404, spa"),
    ("", "there is an empty option"),
    ("spa,,autoindex", "there is an empty option"),
    ("autoindex=on", "'autoindex' takes no value"),
    ("autoindex[*.html]", "it takes no pattern in brackets"),
    ("immutable[]", "the brackets of 'immutable' are empty"),
    ("immutable[*.css", "must be in brackets"),
    ("cache-control", "it must be cache-control=VALUE (or cache-control[PATTERN]=…)"),
    ("index=", "it must be index="),
    ("index=a/b", "without a path"),
    ("spa=../x", "beneath the route's directory"),
    ("try=$uri ../x", "beneath the route's directory"),
    ("try=$uri =403", "=404 can, at its end"),
    ("try=$uri =404 $uri.html", "=404 can, at its end"),
    ("try=$request_uri", "'$request_uri' in try is no variable of ours: there is $uri"),
    ("charset=utf 8", "is no name of a charset"),
    ("nosniff,nosniff", "'nosniff' is given twice"),
    ("etag=on,etag=off", "'etag' is given twice"),
    ("404,fallthrough", "say the opposite"),
    ("dotfiles=no", "dotfiles is ignore or deny or allow"),
    ("symlinks=yes", "symlinks is beneath or owner or never"),
    ("methods=POST", "methods are GET and HEAD"),
    ("methods=GET", "methods are GET and HEAD"),
    ("max-ranges=-1", "max-ranges is a whole number"),
    ("limit-rate=5", "limit-rate is at least 1k"),
    ("expires=soon", "expires is a time"),
    ("expires=101y", "expires is a time"),
    ("header=X", "'X' is no field: it must be header=NAME: VALUE, such as header=X-Robots-Tag: noindex"),
    (
      "header=Cache-Control: no-store,cache-control=no-cache",
      "header=Cache-Control and cache-control would both"
    ),
    ("immutable,header[*.js]=cache-control: a", "header=cache-control and immutable would both be sent"),
    ("expires[*.js]=1h,header=Expires: 0", "header=Expires and expires would both be sent"),
    ("nosniff,header=X-Content-Type-Options: nosniff", "and nosniff would both be sent"),
    ("warm,symlinks=owner", "warm and symlinks=owner don't go together"),
    ("symlinks=never,warm", "warm and symlinks=never don't go together"),
    ("warm,limit-rate=1m", "warm and limit-rate don't go together"),
    ("type=text", "is no media type"),
    (#"cache-control="a"#, "is not closed"),
    (#"cache-control="a"b"#, "after a value in quotes"),
  ])
  func `a mistake is named with what would be right`(text: String, message: String) {
    let error = #expect(throws: InvalidValue.self) { try options(text) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
