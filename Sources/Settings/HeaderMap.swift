/// What becomes of request fields with an underscore in their name. The names are Gunicorn's, in any case.
///
/// In the environ `X_User` and `X-User` are one variable, so that whoever sends the first can pass for a proxy that sets
/// the second (Django CVE-2015-0219).
package enum HeaderMap: String, OptionValue, CaseIterable {
  case drop, refuse, dangerous

  package init(parsing text: String) throws(InvalidValue) {
    guard let way = HeaderMap(rawValue: text.lowercased()) else {
      throw InvalidValue("it must be drop, refuse or dangerous")
    }
    self = way
  }

  package var description: String { rawValue }
}
