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
    #expect(MediaTypes.type(of: RelativePath(Array(path.utf8)[...])) == type)
  }

  @Test func `every text type has a charset, and no other has`() {
    #expect(MediaTypes.byExtension.count >= 150)
    for (name, type) in MediaTypes.byExtension {
      #expect(type.hasPrefix("text/") == type.hasSuffix("; charset=utf-8"), "\(name): \(type)")
      #expect(name == name.lowercased() && name.utf8.count <= 15)
    }
  }
}
