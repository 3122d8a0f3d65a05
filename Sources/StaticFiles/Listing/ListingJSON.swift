import HTTPCore

/// A listing for programs, in the form of nginx's `autoindex_format json`.
enum ListingJSON {
  static func body(_ contents: DirectoryContents, _ order: ListingOrder) -> [UInt8] {
    var json = Array("[".utf8)
    json.reserveCapacity(16 + contents.entries.count * 100)
    for (index, entry) in order.sorted(contents.entries).enumerated() {
      json.append(text: index == 0 ? "\n{\"name\":\"" : ",\n{\"name\":\"")
      json.append(escapingJSON: entry.name)
      json.append(text: "\",\"type\":\"\(entry.isDirectory ? "directory" : "file")\"")
      json.append(text: ",\"mtime\":\"\(HTTPDate.string(entry.modified))\"")
      json.append(text: entry.isDirectory ? "}" : ",\"size\":\(entry.size)}")
    }
    json.append(text: "\n]\n")
    return json
  }
}

extension [UInt8] {
  /// Adds bytes as what is between the quotes of a JSON string (RFC 8259 7). What is not UTF-8 is replaced.
  fileprivate mutating func append(escapingJSON bytes: [UInt8]) {
    for byte in String(decoding: bytes, as: UTF8.self).utf8 {
      switch byte {
      case ASCII.quote, ASCII.backslash:
        append(ASCII.backslash)
        append(byte)
      case 0..<0x20:
        append(text: "\\u00")
        append(contentsOf: [ASCII.zero + byte >> 4, Array("0123456789abcdef".utf8)[Int(byte & 15)]])
      default: append(byte)
      }
    }
  }
}
