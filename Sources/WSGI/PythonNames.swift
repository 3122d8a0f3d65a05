import HTTPCore
import HTTPServer
import PythonRuntime

/// Constants of the bridge on Python's side: made once and never released, so that every thread can use them.
struct PythonNames: @unchecked Sendable {
  // Every reference is immortal, and the objects behind them are immutable.

  let requestMethod, pathInfo, queryString, rawURI, requestURI: PythonReference
  let contentType, contentLength: PythonReference
  let remoteAddress, remotePort, serverName, serverPort, serverProtocol: PythonReference
  let input: PythonReference
  let close: PythonReference
  let emptyString: PythonReference
  let http10, http11: PythonReference
  let scriptName, urlScheme, https: PythonReference
  let earlyHints, disconnected: PythonReference
  /// The keys whose values are each request's own.
  var perRequest: [PythonReference] {
    [
      rawURI, requestURI, pathInfo, remoteAddress, serverName, serverPort, input, earlyHints, disconnected,
    ]
  }

  /// By `HTTPMethod.rawValue`.
  let methods: [PythonReference]
  /// `HTTP_…` by `KnownField.rawValue`.
  let fields: [PythonReference]

  init(_ python: Attached) throws(PythonRaised) {
    requestMethod = try python.interned("REQUEST_METHOD")
    pathInfo = try python.interned("PATH_INFO")
    queryString = try python.interned("QUERY_STRING")
    rawURI = try python.interned("RAW_URI")
    requestURI = try python.interned("REQUEST_URI")
    contentType = try python.interned("CONTENT_TYPE")
    contentLength = try python.interned("CONTENT_LENGTH")
    remoteAddress = try python.interned("REMOTE_ADDR")
    remotePort = try python.interned("REMOTE_PORT")
    serverName = try python.interned("SERVER_NAME")
    serverPort = try python.interned("SERVER_PORT")
    serverProtocol = try python.interned("SERVER_PROTOCOL")
    input = try python.interned("wsgi.input")
    close = try python.interned("close")
    emptyString = try python.interned("")
    http10 = try python.interned("HTTP/1.0")
    http11 = try python.interned("HTTP/1.1")
    scriptName = try python.interned("SCRIPT_NAME")
    urlScheme = try python.interned("wsgi.url_scheme")
    https = try python.interned("https")
    earlyHints = try python.interned("wsgi.early_hints")
    disconnected = try python.interned("martlet.disconnected")

    var methods: [PythonReference] = []
    for method in HTTPMethod.allCases { methods.append(try python.interned("\(method.token)")) }
    self.methods = methods
    var fields: [PythonReference] = []
    for field in KnownField.allCases {
      fields.append(
        try python.interned(EnvironKey.name(forField: Array(field.canonicalName.description.utf8)))
      )
    }
    self.fields = fields
  }
}

/// How header names become environ keys (PEP 3333, after RFC 3875, section 4.1.18).
enum EnvironKey {
  /// `accept-encoding` → `HTTP_ACCEPT_ENCODING`
  static func name(forField name: some Sequence<UInt8>) -> String {
    var key = Array("HTTP_".utf8)
    for byte in name {
      switch byte {
      case UInt8(ascii: "-"): key.append(UInt8(ascii: "_"))
      case UInt8(ascii: "a")...UInt8(ascii: "z"): key.append(byte & ~0x20)
      default: key.append(byte)
      }
    }
    return String(decoding: key, as: UTF8.self)
  }
}
