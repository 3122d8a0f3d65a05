import HTTPCore
import Testing

@Suite("Byte classes")
struct ByteClassTests {
  private static let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

  @Test("each class has exactly the characters of its grammar")
  func members() {
    let classes: [(ByteClass, String)] = [
      (.token, Self.alphanumeric + "!#$%&'*+-.^_`|~"),
      (.hexDigit, "0123456789abcdefABCDEF"),
      (.registeredName, Self.alphanumeric + "-._~!$&'()*+,;="),
      (.path, Self.alphanumeric + "-._~!$&'()*+,;=:@/"),
    ]
    for (byteClass, characters) in classes {
      let members = Set(characters.utf8)
      for byte in UInt8.min...UInt8.max {
        #expect(byteClass.contains(byte) == members.contains(byte), "\(byte) of \(characters)")
      }
    }
  }

  @Test("digits, letters and text are told apart for every byte")
  func predicates() {
    for byte in UInt8.min...UInt8.max {
      let character = Character(Unicode.Scalar(byte))
      #expect(byte.isDigit == (character >= "0" && character <= "9"))
      #expect(byte.hexValue.map(Int.init) == (byte < 128 ? character.hexDigitValue : nil))
      #expect(byte.isFieldText == (byte == 9 || (byte >= 32 && byte != 127)))
      let isUpper = byte >= 0x41 && byte <= 0x5A
      #expect(byte.lowercased == (isUpper ? byte + 32 : byte))
    }
  }

  @Test("decimals are digits within 64 bits")
  func decimals() {
    func decimal(_ text: String) -> Int64? {
      let bytes = Array(text.utf8)
      return bytes.span.bytes.decimal(0..<bytes.count)
    }
    #expect(decimal("0") == 0)
    #expect(decimal("000000000000000000000000000012") == 12)
    #expect(decimal("9223372036854775807") == .max)
    for bad in ["", "-1", "+1", " 1", "1 ", "9223372036854775808", "92233720368547758070", "1a"] {
      #expect(decimal(bad) == nil)
    }
  }

  @Test("numbers are written in decimal and hexadecimal")
  func digits() {
    var bytes: [UInt8] = []
    for value in [0, 9, 10, Int64.max, -1] {
      bytes.appendDecimal(value)
      bytes.append(" " as StaticString)
    }
    bytes.appendDigits(.max, radix: 16)
    #expect(bytes.latin1 == "0 9 10 9223372036854775807 0 ffffffffffffffff")
  }
}
