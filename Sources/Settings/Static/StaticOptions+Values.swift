/// The values of a route's options.
extension StaticOptions {
  static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  /// A file's name, without a path.
  static func name(_ text: String) throws(InvalidValue) -> String {
    guard !text.contains("/"), text != ".", text != ".." else {
      throw InvalidValue("'\(text)' must be the name of a file, without a path")
    }
    return text
  }

  /// A path beneath the route's directory, without the slash in front.
  static func relative(_ text: String) throws(InvalidValue) -> String {
    let path = text.drop { $0 == "/" }
    let segments = path.split(separator: "/")
    guard !segments.isEmpty, !segments.contains("."), !segments.contains("..") else {
      throw InvalidValue("'\(text)' must name a file beneath the route's directory, without . and ..")
    }
    return String(path)
  }

  /// A path in which `$uri` stands for that of the request.
  static func tryPattern(_ text: String) throws(InvalidValue) -> String {
    guard !text.hasPrefix("=") else {
      throw InvalidValue("'\(text)' can't be in try: =404 can, at its end")
    }
    for variable in text.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
      let name = variable.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      guard name == "uri" else {
        throw InvalidValue("'$\(name)' in try is no variable of ours: there is $uri")
      }
    }
    return try relative(text)
  }

  /// A name as in RFC 9110 8.3.2.
  static func charset(_ text: String) throws(InvalidValue) -> String {
    let isName = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: ":"), UInt8(ascii: "+"):
        true
      default: false
      }
    }
    guard isName else { throw InvalidValue("'\(text)' is no name of a charset, such as utf-8") }
    return text
  }

  /// Refuses what can't be meant: an option twice, and two that say the opposite.
  func checkTogether(_ given: [ListedOption]) throws(InvalidValue) {
    try Self.checkNames(given)
    try checkFields()
    guard isWarm else { return }
    if symlinks != .beneath {
      throw InvalidValue(
        "warm and symlinks=\(symlinks.rawValue) don't go together: with links that are not all followed no file is kept in memory"
      )
    }
    if limitRate != nil {
      throw InvalidValue("warm and limit-rate don't go together: what is sent slowly is not kept in memory")
    }
  }

  /// Of the options that were given, one that means nothing on a route for one file; nil for none.
  package var nameOfOneForDirectories: String? {
    if fallback != nil { return "spa" }
    if listsDirectories { return "autoindex" }
    return tries.isEmpty ? nil : "try"
  }

  /// A field that another option sends as well would go out twice.
  private func checkFields() throws(InvalidValue) {
    var others: [String: String] = [:]
    if !cacheControl.isEmpty { others["cache-control"] = "cache-control" }
    if !immutable.isEmpty { others["cache-control"] = "immutable" }
    if !expires.isEmpty {
      others["cache-control"] = "expires"
      others["expires"] = "expires"
    }
    if sendsNosniff { others["x-content-type-options"] = "nosniff" }
    for header in headers {
      guard let option = others[header.value.name.lowercased()] else { continue }
      throw InvalidValue("header=\(header.value.name) and \(option) would both be sent: give one of them")
    }
  }

  private static func checkNames(_ options: [ListedOption]) throws(InvalidValue) {
    var names: Set<String> = []
    for option in options {
      let isRepeatable = definitions.contains { $0.name == option.name && $0.takesPattern }
      guard names.insert(option.name).inserted || isRepeatable else {
        throw InvalidValue("'\(option.name)' is given twice")
      }
    }
    if names.contains("404"), names.contains("fallthrough") {
      throw InvalidValue("404 and fallthrough say the opposite of what is missing: give one of them")
    }
  }

  static func mediaType(_ text: String) throws(InvalidValue) -> String {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[0].contains(" ") else {
      throw InvalidValue("'\(text)' is no media type, such as text/plain")
    }
    return text
  }

  static func codings(_ text: String) throws(InvalidValue) -> [CompressionList.Coding] {
    var codings: [CompressionList.Coding] = []
    for word in words(text) {
      guard let coding = CompressionList.Coding(rawValue: word), !codings.contains(coding) else {
        throw InvalidValue("'\(word)' must be one of br, zstd and gzip, each once")
      }
      codings.append(coding)
    }
    return codings
  }

  static func choices<Choice: CaseIterable & RawRepresentable<String>>(of _: Choice.Type) -> String {
    Choice.allCases.map(\.rawValue).joined(separator: "|")
  }

  static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ text: String,
    _ option: String
  ) throws(InvalidValue) -> Choice {
    guard let choice = Choice(rawValue: text) else {
      throw InvalidValue("\(option) is \(choices(of: Choice.self).replacing("|", with: " or "))")
    }
    return choice
  }
}

extension String {
  fileprivate func replacing(_ character: Character, with text: String) -> String {
    split(separator: character, omittingEmptySubsequences: false).joined(separator: text)
  }
}

extension StaticOptions.Field {
  init(parsing text: String) throws(InvalidValue) {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      throw InvalidValue(
        "'\(text)' is no field: it must be header=NAME: VALUE, such as header=X-Robots-Tag: noindex"
      )
    }
    name = String(text[..<colon])
    value = String(text[text.index(after: colon)...]).trimmingSpaces()
  }
}

extension StaticOptions.Expiry {
  /// `90s`, `15m`, `12h`, `30d`, `4w`, `1y`; a number alone is seconds. `max` is ten years, as of nginx.
  init(parsing text: String) throws(InvalidValue) {
    if text == "max" {
      self = .after(10 * 365 * 86400)
    } else if text == "epoch" {
      self = .epoch
    } else {
      let unit = text.last.flatMap { Self.units[$0] }
      guard let count = Int(digits: unit == nil ? text[...] : text.dropLast()), count <= 1_000_000_000,
        case let seconds = Int64(count) * (unit ?? 1), seconds <= 100 * 365 * 86400
      else { throw InvalidValue("expires is a time such as 90s, 15m, 12h, 30d or 1y, max, or epoch") }
      self = .after(seconds)
    }
  }

  private static let units: [Character: Int64] = [
    "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400,
  ]
}
