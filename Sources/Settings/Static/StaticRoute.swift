/// `PREFIX=PATH` and options after commas: serve the files beneath a directory under a path, or one file at it.
package struct StaticRoute: OptionValue, Equatable {
  /// The decoded path that requests begin with: it begins with "/" and, but for "/" itself, does not end so.
  package let prefix: String

  /// A directory or a file, as it was given. Whether it exists is for whoever opens it to say.
  package let path: String

  package private(set) var options = StaticOptions()

  /// As it was given, for ``description``.
  private let text: String

  package init(parsing text: String) throws(InvalidValue) {
    guard let equals = text.firstIndex(of: "=") else {
      throw InvalidValue("it must be PREFIX=DIR, such as /static=./static")
    }
    prefix = try URLPrefix.normalized(text[..<equals])
    let list = try OptionList(parsing: text[text.index(after: equals)...])
    path = list.first
    guard !path.isEmpty else {
      throw InvalidValue("after = comes the directory, such as \(prefix)=./static")
    }
    self.text = "\(prefix)\(text[equals...])"
    for option in list.options { try options.set(option) }
    try options.checkTogether(list.options)
  }

  package var description: String { text }
}
