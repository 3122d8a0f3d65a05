import HTTPCore

/// From the name of a file to its media type, as the value of `Content-Type`.
///
/// The last extension of the name decides, in upper or lower case, and only that: `a.html.bin` is no page. What is not
/// known is `application/octet-stream`, which browsers save rather than run. Text says its charset; XML and JSON say
/// their own coding, and get none.
package struct MediaTypes: Sendable {
  private var table = ExtensionTable()
  /// The values of `Content-Type`.
  private var values: [[UInt8]] = []
  /// The first of them is for names of no known extension.
  private static let fallback = 0

  /// The built-in table.
  ///
  /// - Parameters:
  ///   - charset: for types of text; nil for none.
  ///   - fallback: the type of what is not known.
  package init(charset: String? = "utf-8", fallback: String = "application/octet-stream") {
    let charset = charset.map { "; charset=\($0)" } ?? ""
    values = [Self.value(fallback, charset)]
    for line in "\(Self.registry)".split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let type = words.first else { continue }
      add(Self.value(String(type), charset), for: words.dropFirst())
    }
    for (type, extensions) in Self.preferred.joined() {
      add(Self.value(type, charset), for: extensions.split(separator: " "))
    }
  }

  /// The built-in table as most routes use it, made once.
  static let standard = MediaTypes()

  /// Gives an extension another type. The value is sent as it is.
  package mutating func set(_ type: String, forExtension name: some StringProtocol) {
    add(Array(type.utf8), for: [Substring(name)])
  }

  /// The type of the file at a path, by its last segment.
  package func type(of path: RelativePath) -> [UInt8] {
    values[table[path.bytes.fileExtension] ?? Self.fallback]
  }

  var count: Int { table.count }

  private mutating func add(_ value: [UInt8], for extensions: some Sequence<Substring>) {
    values.append(value)
    for name in extensions { table[Array(name.utf8)[...]] = values.count - 1 }
  }

  private static func value(_ type: String, _ charset: String) -> [UInt8] {
    Array((type.hasPrefix("text/") && !type.contains(";") ? type + charset : type).utf8)
  }
}

extension [UInt8] {
  /// What follows the last dot of a path's last segment; empty where there is none, or nothing before it.
  fileprivate var fileExtension: ArraySlice<UInt8> {
    var index = endIndex
    while index > startIndex {
      index -= 1
      if self[index] == ASCII.slash { break }
      guard self[index] == UInt8(ascii: ".") else { continue }
      let isHidden = index == startIndex || self[index - 1] == ASCII.slash
      return isHidden ? [] : self[(index + 1)...]
    }
    return []
  }
}
