/// `PREFIX=DIR`: serve the files beneath a directory under a path.
package struct StaticRoute: OptionValue, Equatable {
  /// The decoded path that requests begin with: it begins with "/" and, but for "/" itself, does not end so.
  package let prefix: String

  /// As it was given. Whether it exists is for whoever opens it to say.
  package let directory: String

  package init(parsing text: String) throws(InvalidValue) {
    guard let equals = text.firstIndex(of: "=") else {
      throw InvalidValue("it must be PREFIX=DIR, such as /static=./static")
    }
    self.prefix = try Self.normalized(text[..<equals])
    self.directory = String(text[text.index(after: equals)...])
    guard !directory.isEmpty else {
      throw InvalidValue("after = comes the directory, such as \(prefix)=./static")
    }
  }

  package var description: String { "\(prefix)=\(directory)" }

  /// Request paths are compared after decoding and normalising: what could never match one is refused here.
  private static func normalized(_ text: Substring) throws(InvalidValue) -> String {
    guard text.hasPrefix("/") else { throw InvalidValue("the prefix must begin with /") }
    let forbidden: (UInt8) -> Bool = { $0 < 0x20 || $0 == 0x7F || "?#%".utf8.contains($0) }
    guard !text.utf8.contains(where: forbidden) else {
      throw InvalidValue("the prefix is a plain path, without a query and without % codes")
    }
    let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    let ended = segments.last == "" ? segments.dropLast() : segments[...]
    guard !ended.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw InvalidValue("the prefix must have no . or .. and no empty segment")
    }
    return "/" + ended.joined(separator: "/")
  }
}
