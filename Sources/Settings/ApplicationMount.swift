/// `PREFIX=APP`: an application under a path, with options of its own after commas: `stream`, `timeout=SECONDS`.
package struct ApplicationMount: OptionValue, Equatable {
  /// The decoded path that its requests begin with: "/", or without a slash at its end.
  package let prefix: String
  /// What names the callable, as for the argument APP.
  package let application: String
  /// Whether the application is called before a request's body is whole; unset, as all are.
  package private(set) var streamsRequests: Bool?
  /// For how long it may be silent; unset, as long as all.
  package private(set) var timeout: Seconds?

  /// An application without options of its own.
  init(prefix: String, application: String) {
    self.prefix = prefix
    self.application = application
  }

  package init(parsing text: String) throws(InvalidValue) {
    let parts = Self.split(text)
    guard let equals = parts[0].firstIndex(of: "=") else {
      throw InvalidValue("it must be PREFIX=APP, such as /shop=shop:app")
    }
    prefix = try URLPrefix.normalized(parts[0][..<equals])
    application = String(parts[0][parts[0].index(after: equals)...])
    guard !application.isEmpty else {
      throw InvalidValue("after = comes the application, such as \(prefix)=shop:app")
    }
    for option in parts.dropFirst() {
      if option == "stream" || option == "buffer" {
        streamsRequests = option == "stream"
      } else if let seconds = option.dropping(prefix: "timeout=") {
        guard let time = try? Seconds(parsing: String(seconds)), time.duration <= .seconds(86400) else {
          throw InvalidValue("timeout= must be a number of seconds, 0 to 86400, such as 30 or 0.5")
        }
        timeout = time
      } else {
        throw InvalidValue(
          "'\(option)' is no option of a mount: there are stream, buffer and timeout=SECONDS"
        )
      }
    }
  }

  package var description: String {
    var text = "\(prefix)=\(application)"
    if let streamsRequests { text += streamsRequests ? ",stream" : ",buffer" }
    if let timeout { text += ",timeout=\(timeout)" }
    return text
  }

  /// At the commas that are neither within the parentheses of a factory's arguments nor within quotes.
  private static func split(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var depth = 0
    var quote: Character?
    for index in text.indices {
      switch (text[index], quote) {
      case (let character, .some(let open)): if character == open { quote = nil }
      case ("'", nil), ("\"", nil): quote = text[index]
      case ("(", nil), ("[", nil), ("{", nil): depth += 1
      case (")", nil), ("]", nil), ("}", nil): depth -= 1
      case (",", nil) where depth <= 0:
        parts.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    parts.append(text[start...])
    return parts
  }
}
