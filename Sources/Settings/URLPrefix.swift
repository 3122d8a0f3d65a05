/// The path under which something is served.
enum URLPrefix {
  /// The prefix beginning with "/" and, but for "/" itself, not ending so.
  ///
  /// Request paths are compared after decoding and normalising: what could never match one is refused here.
  static func normalized(_ text: Substring) throws(InvalidValue) -> String {
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
