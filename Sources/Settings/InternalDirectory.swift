/// `NAME=DIR`: files that only the application can have sent, by `X-Accel-Redirect` or `X-Sendfile`.
package struct InternalDirectory: OptionValue, Equatable {
  /// The path that redirects begin with, as of a ``StaticRoute``.
  package let prefix: String
  package let directory: String

  package init(parsing text: String) throws(InvalidValue) {
    guard let equals = text.firstIndex(of: "=") else { throw Self.form }
    // A plain name is the path's only segment.
    prefix = try URLPrefix.normalized(text.hasPrefix("/") ? text[..<equals] : "/\(text[..<equals])"[...])
    directory = String(text[text.index(after: equals)...])
    guard prefix != "/" else { throw Self.form }
    guard !directory.isEmpty else {
      throw InvalidValue("after = comes the directory, such as \(prefix.dropFirst())=/srv/protected")
    }
  }

  private static let form = InvalidValue("it must be NAME=DIR, such as protected=/srv/protected")

  package var description: String { "\(prefix)=\(directory)" }
}
