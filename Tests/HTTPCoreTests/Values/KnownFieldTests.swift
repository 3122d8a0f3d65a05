import HTTPCore
import Testing

@Suite("KnownField")
struct KnownFieldTests {
  @Test("each name is found in any case, at any place of a buffer", arguments: KnownField.allCases)
  func everyName(_ field: KnownField) {
    guard field != .other else { return }
    let name = "\(field.canonicalName)"
    for spelling in [name, name.uppercased(), Self.capitalised(name)] {
      for padding in [0, 1, 7, 20] {
        let pad = [UInt8](repeating: UInt8(ascii: "x"), count: padding)
        let bytes = pad + Array(spelling.utf8) + pad
        let range = padding..<padding + name.utf8.count
        #expect(KnownField.lookup(bytes.span.bytes, range) == field)
      }
      // Neighbours in every length and letter are not it.
      for near in [spelling + "x", "x" + spelling, String(spelling.dropLast()), spelling + "-"] {
        let found = KnownField.lookup(Array(near.utf8).span.bytes)
        #expect(found == .other || "\(found.canonicalName)" == near.lowercased())
      }
    }
  }

  @Test("names are in lower case, distinct, and at most 32 bytes")
  func names() {
    let names = KnownField.allCases.map { "\($0.canonicalName)" }
    #expect(Set(names).count == names.count)
    for name in names { #expect(name == name.lowercased() && name.utf8.count <= 32) }
  }

  @Test("an underscore is not a hyphen, and no other byte is folded into a letter (Django CVE-2015-0219)")
  func nearMisses() {
    for name in [
      "content_length", "x_forwarded_for", "transfer_encoding", "", "h\u{f}st", "Ho`t", "content^length",
    ] {
      #expect(KnownField.lookup(Array(name.utf8).span.bytes) == .other)
    }
  }

  private static func capitalised(_ name: String) -> String {
    name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
  }
}
