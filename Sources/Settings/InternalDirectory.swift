/// `NAME=DIR`: files that only the application can have sent, by `X-Accel-Redirect` or `X-Sendfile`.
package struct InternalDirectory: OptionValue, Equatable {
  /// The path that redirects begin with, as of a ``StaticRoute``.
  package let prefix: String
  package let directory: String

  package init(parsing text: String) throws(InvalidValue) {
    // A plain name is the path's only segment.
    guard text.contains("="),
      case let route = try StaticRoute(parsing: text.hasPrefix("/") ? text : "/\(text)"), route.prefix != "/"
    else { throw InvalidValue("it must be NAME=DIR, such as protected=/srv/protected") }
    prefix = route.prefix
    directory = route.directory
  }

  package var description: String { "\(prefix)=\(directory)" }
}
