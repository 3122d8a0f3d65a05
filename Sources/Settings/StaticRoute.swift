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
    self.prefix = try URLPrefix.normalized(text[..<equals])
    self.directory = String(text[text.index(after: equals)...])
    guard !directory.isEmpty else {
      throw InvalidValue("after = comes the directory, such as \(prefix)=./static")
    }
  }

  package var description: String { "\(prefix)=\(directory)" }
}
