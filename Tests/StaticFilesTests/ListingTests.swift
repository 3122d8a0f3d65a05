import Glibc
import HTTPCore
import Testing

@testable import StaticFiles

@Suite struct ListingOrderTests {
  private let entries = [
    DirectoryEntry(name: Array("b.txt".utf8), isDirectory: false, size: 1, modified: 30),
    DirectoryEntry(name: Array("A.txt".utf8), isDirectory: false, size: 2, modified: 10),
    DirectoryEntry(name: Array("c.txt".utf8), isDirectory: false, size: 2, modified: 20),
    DirectoryEntry(name: Array("zoo".utf8), isDirectory: true, size: 0, modified: 5),
    DirectoryEntry(name: Array("bar".utf8), isDirectory: true, size: 0, modified: 40),
  ]

  @Test(arguments: [
    ("", "bar zoo A.txt b.txt c.txt"),
    ("sort=name&order=desc", "zoo bar c.txt b.txt A.txt"),
    ("sort=size", "bar zoo b.txt A.txt c.txt"),
    ("order=desc&sort=size", "bar zoo A.txt c.txt b.txt"),
    ("sort=time", "zoo bar A.txt c.txt b.txt"),
    ("sort=time&order=desc", "bar zoo b.txt c.txt A.txt"),
    ("sort=%73ize&order=up&x=<script>", "bar zoo A.txt b.txt c.txt"),
  ])
  func `directories come first, then the order that the query names`(query: String, names: String) {
    let sorted = ListingOrder(query: Array(query.utf8)).sorted(entries)
    #expect(sorted.map { String(decoding: $0.name, as: UTF8.self) }.joined(separator: " ") == names)
  }

  @Test func `a column's head turns the order round, and another one's begins anew`() {
    let order = ListingOrder(key: .size)
    #expect(order.link(to: .size) == "?sort=size&order=desc")
    #expect(order.link(to: .time) == "?sort=time&order=asc")
    #expect(ListingOrder(key: .size, isDescending: true).link(to: .size) == "?sort=size&order=asc")
  }
}

@Suite struct ListingPageTests {
  private func page(_ names: [String], path: String = "/files/sub/", depth: Int = 1) -> String {
    var contents = DirectoryContents()
    contents.entries = names.map {
      DirectoryEntry(name: Array($0.utf8), isDirectory: $0.hasSuffix("d"), size: 1536, modified: 784_111_777)
    }
    let page = ListingPage(path: Array(path.utf8), depth: depth, contents: contents, order: ListingOrder())
    return String(decoding: page.html, as: UTF8.self)
  }

  @Test func `names are escaped as text and as links`() {
    let page = page([#"<b>&"'.txt"#, "javascript:x", "ünï.txt"], path: "/<i>/")
    #expect(page.contains(#"<a href="./%3Cb%3E&amp;%22&#39;.txt">&lt;b&gt;&amp;&quot;&#39;.txt</a>"#))
    #expect(page.contains(#"<a href="./javascript:x">"#))
    #expect(page.contains(#"<a href="./%C3%BCn%C3%AF.txt">ünï.txt</a>"#))
    #expect(!page.contains("<b>") && !page.contains("<i>"))
  }

  @Test func `each entry has its size and its time`() {
    let page = page(["a.txt", "bd"])
    #expect(page.contains("<td title=\"1536 bytes\">1.5 KiB</td><td>1994-11-06 08:49:37</td>"))
    #expect(page.contains("<a href=\"./bd/\">bd/</a></td><td></td>"))
    #expect(page.contains("1 directory, 1 file"))
  }

  @Test func `links lead up to the route's own directory and no further`() {
    #expect(page([]).contains("<h1>/<a href=\"../\">files</a>/sub/</h1>"))
    #expect(page([]).contains("<a href=\"../\">../</a>"))
    #expect(page([], path: "/files/", depth: 0).contains("<h1>/files/</h1>"))
    #expect(!page([], path: "/files/", depth: 0).contains("../"))
    #expect(
      page([], path: "/a/b/", depth: 2).contains("<h1><a href=\"../../\">/</a><a href=\"../\">a</a>/b/</h1>")
    )
  }

  @Test(arguments: [
    (Int64(0), "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (10239, "9.9 KiB"),
    (10240, "10 KiB"), (1 << 20, "1.0 MiB"), (5 << 30, "5.0 GiB"), (.max, "7.9 EiB"),
  ])
  func `a size is told in units of 1024`(bytes: Int64, text: String) {
    #expect(FileSize.text(bytes) == text)
  }
}

@Suite struct ListingJSONTests {
  @Test func `it has nginx's form, and is JSON whatever the names are`() {
    var contents = DirectoryContents()
    contents.entries = [
      DirectoryEntry(
        name: Array("a\"\\\u{1}\u{E9}".utf8) + [0xFF],
        isDirectory: false,
        size: 3,
        modified: 784_111_777
      ),
      DirectoryEntry(name: Array("d".utf8), isDirectory: true, size: 0, modified: 0),
    ]
    #expect(
      String(decoding: ListingJSON.body(contents, ListingOrder()), as: UTF8.self) == """
        [
        {"name":"d","type":"directory","mtime":"Thu, 01 Jan 1970 00:00:00 GMT"},
        {"name":"a\\"\\\\\\u0001\u{E9}\u{FFFD}","type":"file","mtime":"Sun, 06 Nov 1994 08:49:37 GMT","size":3}
        ]

        """
    )
    #expect(ListingJSON.body(DirectoryContents(), ListingOrder()) == Array("[\n]\n".utf8))
  }
}
