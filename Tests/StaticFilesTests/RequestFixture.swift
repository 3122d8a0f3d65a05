import HTTPCore

/// A request head with the fields of a test, and the bytes that it points into.
struct RequestFixture {
  private(set) var head = RequestHead()
  private(set) var bytes: [UInt8] = []

  init(_ method: HTTPMethod = .get, _ fields: [(KnownField, String)]) {
    head.method = method
    for (name, value) in fields {
      let start = bytes.count
      bytes += Array(value.utf8)
      let span = FieldSpan(start..<bytes.count)
      head.fields.append(RequestHead.Field(name: FieldSpan(offset: 0, count: 0), value: span, known: name))
    }
  }
}
