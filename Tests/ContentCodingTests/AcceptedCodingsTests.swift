import ContentCoding
import HTTPCore
import Testing

@Suite("Accept-Encoding (RFC 9110 12.5.3)")
struct AcceptedCodingsTests {
  private static func accepted(_ values: [String]) -> AcceptedCodings {
    var head = RequestHead()
    var bytes: [UInt8] = []
    for value in values {
      let start = bytes.count
      bytes += Array(value.utf8)
      let span = FieldSpan(start..<bytes.count)
      head.fields.append(
        RequestHead.Field(name: FieldSpan(offset: 0, count: 0), value: span, known: .acceptEncoding)
      )
    }
    return AcceptedCodings(head, bytes.span.bytes)
  }

  private static func choice(_ values: String..., from codings: [Coding] = [.brotli, .zstd, .gzip]) -> Coding?
  {
    accepted(values).choose(from: codings)
  }

  @Test(
    "the best that the client likes, and of equals the first that the server has",
    arguments: [
      ("gzip", Coding.gzip), ("br", .brotli), ("zstd", .zstd), ("x-gzip", .gzip), ("GZIP", .gzip),
      ("gzip, deflate, br, zstd", .brotli), ("gzip, deflate", .gzip), ("gzip;q=1.0, br;q=0.9", .gzip),
      ("br;q=0.001", .brotli), ("br;q=0, zstd;q=0.5, gzip;q=0.4", .zstd), ("*", .brotli),
      ("*;q=0.1, gzip;q=0.2", .gzip), ("br;q=0, *", .zstd), ("gzip ; q=0.5 , br ; q=0.4", .gzip),
      ("identity, gzip", .gzip), ("identity;q=0.5, gzip;q=0.5", .gzip), ("identity;q=0, gzip;q=0.001", .gzip),
      ("gzip;q=0.5, gzip;q=0", .gzip), (",,gzip,,", .gzip), ("sdch, gzip;q=0.3", .gzip),
      ("compress;q=0.5, gzip;q=1.0", .gzip), ("gzip;foo=bar;q=0.5", .gzip),
    ]
  )
  func chosen(value: String, coding: Coding) {
    #expect(Self.choice(value) == coding)
  }

  @Test(
    "no coding where none is asked for, and none that is refused",
    arguments: [
      "", "identity", "deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0", "br;q=0, zstd;q=0, gzip;q=0, *",
      "identity;q=1, gzip;q=0.5", "identity, gzip;q=0.999", "gzip;q=2", "gzip;q=", "gzip;q=-1",
      "gzip;q=0.1234",
      "gzipped", "bro", "x-br", "\"gzip\"", "g zip", ";q=1", "gzip;q=1.001", "identity, *;q=0",
      "gzip;q=0, gzip",
    ]
  )
  func identity(value: String) {
    #expect(Self.choice(value) == nil)
  }

  @Test("no field is no wish, and several are one list")
  func fields() {
    #expect(AcceptedCodings().choose(from: Coding.allCases) == nil)
    #expect(Self.choice() == nil)
    #expect(Self.choice("deflate", "gzip") == .gzip)
    #expect(Self.choice("gzip;q=0.5", "zstd;q=0.6") == .zstd)
  }

  @Test("only what the server has")
  func offered() {
    #expect(Self.choice("br, gzip;q=0.5", from: [.gzip]) == .gzip)
    #expect(Self.choice("br", from: [.gzip]) == nil)
    #expect(Self.choice("br, gzip", from: []) == nil)
    #expect(Self.choice("br, gzip", from: [.gzip, .brotli]) == .gzip)
  }

  @Test(
    "identity is acceptable unless it is refused",
    arguments: [
      ("", false), ("gzip", false), ("identity;q=0", true), ("*;q=0", true), ("*;q=0, identity;q=0.1", false),
      ("gzip, *;q=0", true), ("identity", false), ("gzip, identity;q=0.0", true),
    ]
  )
  func refusal(value: String, refuses: Bool) {
    #expect(Self.accepted([value]).refusesIdentity == refuses)
  }

  @Test("as many elements as a head can hold are read in one go")
  func long() {
    let many = String(repeating: "a;q=0.5,", count: 8000) + "gzip"
    #expect(Self.choice(many) == .gzip)
  }
}
