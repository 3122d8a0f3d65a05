/// One option behind a path: `NAME`, `NAME=VALUE` or `NAME[PATTERN]=VALUE`.
struct ListedOption: Equatable {
  let name: String
  /// Which files it is for; nil for all.
  let pattern: String?
  let value: String?
}

/// `VALUE,OPTION,OPTION…`: what stands behind the `=` of a route.
///
/// A value that has a comma in it stands in double quotes, in which `\"` and `\\` are a quote and a backslash.
/// Elsewhere both are plain characters.
struct OptionList {
  let first: String
  private(set) var options: [ListedOption] = []

  init(parsing text: Substring) throws(InvalidValue) {
    var rest = text
    first = try Self.takeValue(&rest)
    while rest.popFirst() != nil {
      options.append(try Self.takeOption(&rest))
    }
  }

  private static func takeOption(_ rest: inout Substring) throws(InvalidValue) -> ListedOption {
    let name = String(take(&rest) { $0 != "[" && $0 != "=" && $0 != "," })
    guard !name.isEmpty else {
      throw InvalidValue("there is an empty option between two commas or at the end")
    }
    var pattern: String?
    if rest.first == "[" {
      rest.removeFirst()
      pattern = String(take(&rest) { $0 != "]" })
      guard rest.popFirst() != nil, rest.isEmpty || rest.first == "=" || rest.first == "," else {
        throw InvalidValue("the pattern of '\(name)' must be in brackets, such as \(name)[*.html]")
      }
    }
    guard rest.first == "=" else { return ListedOption(name: name, pattern: pattern, value: nil) }
    rest.removeFirst()
    return ListedOption(name: name, pattern: pattern, value: try takeValue(&rest))
  }

  /// Up to the next comma, or what is in quotes.
  private static func takeValue(_ rest: inout Substring) throws(InvalidValue) -> String {
    guard rest.first == "\"" else { return String(take(&rest) { $0 != "," }) }
    rest.removeFirst()
    var value = ""
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\", let escaped = rest.first, escaped == "\"" || escaped == "\\" {
        value.append(rest.removeFirst())
        continue
      }
      value.append(character)
      guard !rest.isEmpty else { throw InvalidValue("a \" is not closed") }
    }
    guard rest.isEmpty || rest.first == "," else {
      throw InvalidValue("after a value in quotes comes a comma, or nothing")
    }
    return value
  }

  private static func take(_ rest: inout Substring, while isTaken: (Character) -> Bool) -> Substring {
    let taken = rest.prefix(while: isTaken)
    rest = rest[taken.endIndex...]
    return taken
  }
}
