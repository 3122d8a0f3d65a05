/// Why a response field from the application cannot be sent.
package enum HeaderFault: Error, Sendable, Equatable {
  /// Not a token (RFC 9110 5.1).
  case invalidName
  /// CR, LF, NUL or another control character but the tab (RFC 9110 5.5): it would split the response.
  case invalidValue
  /// A field about the connection, which is the server's and not the application's (PEP 3333, "Other HTTP
  /// Features").
  case hopByHop
  /// Not `1*DIGIT`, or more than 64 bits hold (RFC 9110 8.6).
  case invalidContentLength
  /// A second `Content-Length`.
  case repeatedContentLength
}

extension HeaderFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidName: "the header name is not a token"
    case .invalidValue: "the header value has a control character"
    case .hopByHop: "the header is hop-by-hop, and the server's to send"
    case .invalidContentLength: "Content-Length is not a number of bytes"
    case .repeatedContentLength: "Content-Length is there twice"
    }
  }
}
