import FuzzSupport
import HTTPCore
import StaticFiles

private let prefixes = ["/", "/static", "/a/b"].map { PathPrefix($0) }

/// A path that is accepted stays beneath its root, is its own normal form, and redirects nowhere else.
func checkPath(_ raw: [UInt8]) {
  guard let path = try? RequestPath(raw.span.bytes) else { return }
  let segments = path.bytes.split(separator: ASCII.slash, omittingEmptySubsequences: false)
  requireEqual(path.bytes.first, ASCII.slash, "a path is absolute")
  require(!path.bytes.contains { $0 < 0x20 || $0 == 0x7F }, "no control characters")
  // "/a/" has an empty piece at either end, "/" two.
  require(!segments.dropFirst().dropLast().contains { $0.isEmpty }, "no empty segment in \(segments)")
  require(!segments.contains { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }, "no dot segment")

  let encoded = PercentCoding.encodePath(path.bytes)
  requireEqual((try? RequestPath(encoded.span.bytes))?.bytes, path.bytes, "its own normal form")
  let location = path.directoryLocation
  require(!location.starts(with: [ASCII.slash, ASCII.slash]), "a redirect names no other host")
  require(location.allSatisfy { 0x21...0x7E ~= $0 }, "a redirect is visible ASCII")

  for prefix in prefixes {
    guard let rest = prefix.remainder(of: path) else { continue }
    require(rest.bytes.first != ASCII.slash, "what is beneath a root is relative")
    require(path.bytes.suffix(rest.bytes.count).elementsEqual(rest.bytes), "it is the path's end")
    let before = path.bytes.dropLast(rest.bytes.count)
    require(rest.bytes.isEmpty || before.last == ASCII.slash, "a prefix ends between segments")
    _ = rest.isHidden
    _ = rest.appending("index.html")
  }
}
