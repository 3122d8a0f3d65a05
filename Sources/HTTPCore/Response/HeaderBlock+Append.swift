/// Adds fields that the server itself made. None of this is for bytes of an application or a client.
extension HeaderBlock {
  package mutating func append(name: StaticString, value: StaticString) {
    value.withUTF8Buffer { append(name: name, value: UnsafeRawBufferPointer($0)) }
  }

  package mutating func append(name: StaticString, value: String) {
    var value = value
    value.withUTF8 { append(name: name, value: UnsafeRawBufferPointer($0)) }
  }

  package mutating func append(name: StaticString, value: [UInt8]) {
    value.withUnsafeBytes { append(name: name, value: $0) }
  }

  package mutating func append(name: StaticString, value: Int64) {
    var digits: [UInt8] = []
    digits.appendDecimal(value)
    append(name: name, value: digits)
  }

  package mutating func append(name: StaticString, value: UnsafeRawBufferPointer) {
    name.withUTF8Buffer { appendTrusted(name: UnsafeRawBufferPointer($0).bytes, value: value.bytes) }
  }

  package mutating func append(name: [UInt8], value: [UInt8]) {
    appendTrusted(name: name.span.bytes, value: value.span.bytes)
  }
}
