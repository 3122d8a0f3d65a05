import HTTPCore

/// Text as the simplest reader would take it apart, to compare the parsers with.
package enum Lines {
  /// What is before the first CRLF from `start` on, and where the next line begins.
  package static func line(_ bytes: [UInt8], from start: Int) -> (line: ArraySlice<UInt8>, next: Int)? {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == ASCII.cr, bytes[index + 1] == ASCII.lf { return (bytes[start..<index], index + 2) }
      index += 1
    }
    return nil
  }

  /// Name in lower case, and value, of a field line.
  package static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: [UInt8])? {
    guard let colon = line.firstIndex(of: ASCII.colon) else { return nil }
    let isBlank: (UInt8) -> Bool = { $0 == ASCII.space || $0 == ASCII.tab }
    var value = line[(colon + 1)...].drop(while: isBlank)
    while let last = value.last, isBlank(last) { value.removeLast() }
    return (String(decoding: line[..<colon].map(\.lowercased), as: UTF8.self), Array(value))
  }
}
