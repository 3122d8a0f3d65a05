import HTTPCore
import HTTPServer

/// A listing for people: a plain page without scripts. Everything that comes from a name is escaped.
struct ListingPage {
  /// The path of the request, decoded: it ends with a slash.
  let path: [UInt8]
  /// How many directories up the route's own is: there the page offers no way further up.
  let depth: Int
  let contents: DirectoryContents
  let order: ListingOrder

  var html: [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(2048 + contents.entries.count * 200)
    page.append(text: "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n")
    page.append(text: "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
    page.append(escaping: path)
    page.append(text: "</title>\n<style>\n\(Self.style)\n</style>\n")
    appendHeading(to: &page)
    appendTable(to: &page)
    page.append(text: "<p>\(summary)</p>\n</html>\n")
    return page
  }

  /// The path, each directory of which is a way up. Links are relative: a proxy may have taken a prefix off.
  private func appendHeading(to page: inout [UInt8]) {
    let segments = path.split(separator: ASCII.slash)
    let linked = min(depth, segments.count)
    page.append(text: "<h1>")
    if linked == segments.count, linked > 0 {
      appendUpLink(linked, "/", to: &page)
    } else {
      page.append(text: "/")
    }
    for (index, segment) in segments.enumerated() {
      let up = segments.count - 1 - index
      if up <= linked, up > 0 {
        appendUpLink(up, segment, to: &page)
        page.append(text: "/")
      } else {
        page.append(escaping: segment)
        page.append(text: "/")
      }
    }
    page.append(text: "</h1>\n")
  }

  private func appendUpLink(_ count: Int, _ name: some Sequence<UInt8>, to page: inout [UInt8]) {
    page.append(text: "<a href=\"\(String(repeating: "../", count: count))\">")
    page.append(escaping: name)
    page.append(text: "</a>")
  }

  private func appendUpLink(_ count: Int, _ name: String, to page: inout [UInt8]) {
    appendUpLink(count, name.utf8, to: &page)
  }

  private func appendTable(to page: inout [UInt8]) {
    page.append(text: "<table>\n<thead><tr>")
    for (key, title) in [(ListingOrder.Key.name, "Name"), (.size, "Size"), (.time, "Modified (UTC)")] {
      let state = key == order.key ? " aria-sort=\"\(order.isDescending ? "descending" : "ascending")\"" : ""
      let link = order.link(to: key).split(separator: "&").joined(separator: "&amp;")
      page.append(text: "<th\(state)><a href=\"\(link)\">\(title)</a></th>")
    }
    page.append(text: "</tr></thead>\n<tbody>\n")
    if depth > 0 {
      page.append(text: "<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n")
    }
    for entry in order.sorted(contents.entries) { append(entry, to: &page) }
    page.append(text: "</tbody>\n</table>\n")
  }

  private func append(_ entry: DirectoryEntry, to page: inout [UInt8]) {
    let slash = entry.isDirectory ? "/" : ""
    // "./" in front: a name with a colon in it is no scheme.
    page.append(text: "<tr><td><a href=\"./")
    page.append(escaping: PercentCoding.encodePath(entry.name))
    page.append(text: "\(slash)\">")
    page.append(escaping: entry.name)
    page.append(text: "\(slash)</a></td>")
    if entry.isDirectory {
      page.append(text: "<td></td>")
    } else {
      page.append(text: "<td title=\"\(byteText(entry.size))\">\(FileSize.text(entry.size))</td>")
    }
    page.append(text: "<td>\(ISODate.string(secondsSinceEpoch: entry.modified))</td></tr>\n")
  }

  private var summary: String {
    let directories = contents.entries.count { $0.isDirectory }
    let files = contents.entries.count - directories
    let counts =
      "\(Self.count(directories, "directory", "directories")), \(Self.count(files, "file", "files"))"
    return contents.isCut
      ? "\(counts). There is more: a listing has \(DirectoryContents.limit) entries at most." : counts
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  private static let style = """
    :root { color-scheme: light dark; }
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1rem; }
    h1 { font-size: 1.35rem; font-weight: 600; padding: 0 .75rem; overflow-wrap: anywhere; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: .3rem .75rem; border-bottom: 1px solid #8884; vertical-align: top; }
    th { font-weight: 600; border-bottom-color: #888a; white-space: nowrap; }
    th a { color: inherit; }
    td:first-child { overflow-wrap: anywhere; width: 100%; }
    th:nth-child(2), td:nth-child(2) { text-align: right; white-space: nowrap; }
    td:nth-child(3) { white-space: nowrap; font-variant-numeric: tabular-nums; }
    tbody tr:hover { background: #8882; }
    a { color: light-dark(#0645ad, #8ab4f8); text-decoration: none; }
    a:hover { text-decoration: underline; }
    [aria-sort="ascending"]::after { content: " \\2191"; }
    [aria-sort="descending"]::after { content: " \\2193"; }
    p { color: #777; font-size: .9rem; padding: 0 .75rem; }
    @media (max-width: 36rem) { th:nth-child(3), td:nth-child(3) { display: none; } }
    """
}

/// A size for people, in units of 1024.
enum FileSize {
  static func text(_ bytes: Int64) -> String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    var value = bytes
    var unit = 0
    // Tenths of the unit are kept, so that there is no floating point in it.
    var tenths = value / 1024 * 10 + value % 1024 * 10 / 1024
    value /= 1024
    while value >= 1024, unit < units.count - 1 {
      tenths /= 1024
      value /= 1024
      unit += 1
    }
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(units[unit])" : "\(value) \(units[unit])"
  }

  private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
}

extension [UInt8] {
  mutating func append(text: String) {
    append(contentsOf: text.utf8)
  }

  /// Adds bytes as text of a page or of an attribute in quotes. What is not UTF-8 is replaced.
  mutating func append(escaping bytes: some Sequence<UInt8>) {
    for byte in String(decoding: Array(bytes), as: UTF8.self).utf8 {
      switch byte {
      case UInt8(ascii: "&"): append(text: "&amp;")
      case UInt8(ascii: "<"): append(text: "&lt;")
      case UInt8(ascii: ">"): append(text: "&gt;")
      case UInt8(ascii: "\""): append(text: "&quot;")
      case UInt8(ascii: "'"): append(text: "&#39;")
      default: append(byte)
      }
    }
  }
}
