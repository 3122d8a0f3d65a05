import Testing

@testable import StaticFiles

@Suite struct MediaTypesTests {
  @Test(arguments: [
    ("index.html", "text/html; charset=utf-8"),
    ("A.HTML", "text/html; charset=utf-8"),
    ("style.css", "text/css; charset=utf-8"),
    ("app.js", "text/javascript; charset=utf-8"),
    ("app.mjs", "text/javascript; charset=utf-8"),
    ("app.js.map", "application/json"),
    ("data.json", "application/json"),
    ("site.webmanifest", "application/manifest+json"),
    ("x.wasm", "application/wasm"),
    ("logo.svg", "image/svg+xml"),
    ("photo.JPG", "image/jpeg"),
    ("photo.avif", "image/avif"),
    ("font.woff2", "font/woff2"),
    ("notes.txt", "text/plain; charset=utf-8"),
    ("release.tar.gz", "application/gzip"),
    ("film.mp4", "video/mp4"),
    ("favicon.ico", "image/vnd.microsoft.icon"),
    // Only the registry has these.
    ("a.a2l", "application/a2l"),
    ("a.zmt", "chemical/x-mopac-input"),
    // And here it has the last word no more.
    ("clip.ts", "video/mp2t"),
    ("dir.d/README", "application/octet-stream"),
    ("dir.html/README", "application/octet-stream"),
    ("page.html.bin", "application/octet-stream"),
    ("page.php.jpg", "image/jpeg"),
    ("page.html.", "application/octet-stream"),
    ("page.html ", "application/octet-stream"),
    (".html", "application/octet-stream"),
    ("", "application/octet-stream"),
    ("a.averyveryverylongextension", "application/octet-stream"),
  ])
  func `the last extension decides, in any case`(path: String, type: String) {
    #expect(self.type(path) == type)
  }

  @Test func `every text type has a charset, and no other has`() {
    for line in "\(MediaTypes.registry)".split(separator: "\n") {
      for name in line.split(separator: " ").dropFirst() {
        let type = type("a.\(name)")
        #expect(type.hasPrefix("text/") == type.hasSuffix("; charset=utf-8"), "\(name): \(type)")
      }
    }
    #expect(MediaTypes.standard.count >= 1500)
  }

  @Test func `charset, fallback and types of one's own replace the built-in ones`() {
    var types = MediaTypes(charset: "iso-8859-1", fallback: "text/plain")
    types.set("application/x-own", forExtension: "OWN")
    types.set("text/x-readme", forExtension: "txt")
    #expect(type("a.html", types) == "text/html; charset=iso-8859-1")
    #expect(type("a", types) == "text/plain; charset=iso-8859-1")
    #expect(type("a.Own", types) == "application/x-own")
    #expect(type("a.txt", types) == "text/x-readme")
    #expect(type("a.html", MediaTypes(charset: nil)) == "text/html")
  }

  private func type(_ path: String, _ types: MediaTypes = .standard) -> String {
    String(decoding: types.type(of: RelativePath(Array(path.utf8)[...])), as: UTF8.self)
  }
}
