import ContentCoding
import HTTPCore
import HTTPServer
import Logging
import PythonRuntime

/// What all applications of the process share: constants on Python's side, and the Python half of the bridge.
package final class WSGIBridge: @unchecked Sendable {
  // Every Python reference in here is immortal; calling one takes an attached thread, as always.

  let names: PythonNames
  let input: RequestInput
  /// The Python half of the bridge (python/martlet/bootstrap.py): `format_exception(exception) -> str`.
  let formatException: PythonReference
  /// The class behind `wsgi.file_wrapper`, and `sendable(wrapper) -> (descriptor, offset, size) or None`.
  let fileWrapper, sendable: PythonReference
  /// `leave_forked(exception or None)`: ends a process that the application has forked.
  let leaveForked: PythonReference
  /// What a request raises that was silent for too long: `martlet.RequestTimeout`.
  let requestTimeout: PythonReference
  let osError: PythonReference
  /// `wsgi.errors`
  let errors: PythonReference
  let logger: Logger
  /// Whether `X-Accel-Redirect` and `X-Sendfile` are the server's business.
  let sendsInternalFiles: Bool
  /// Which responses are compressed; nil for none.
  let compression: CompressionPolicy?
  let switchInterval: SwitchInterval
  let isMultithreaded: Bool
  let softwareName: String

  /// - Parameters:
  ///   - support: what the Python half provides, by the names above.
  ///   - isMultithreaded: for `wsgi.multithread`.
  package init(
    support: PythonReference,
    isMultithreaded: Bool,
    sendsInternalFiles: Bool,
    compression: CompressionPolicy?,
    hasFixedSwitchInterval: Bool,
    softwareName: String,
    logger: Logger,
    _ python: Attached
  ) throws(PythonRaised) {
    self.logger = logger
    self.sendsInternalFiles = sendsInternalFiles
    self.compression = compression
    self.isMultithreaded = isMultithreaded
    self.softwareName = softwareName
    names = try PythonNames(python)
    input = try RequestInput(openStream: support.attribute("open_stream", python).immortal(), python)
    formatException = try support.attribute("format_exception", python).immortal()
    fileWrapper = try support.attribute("FileWrapper", python).immortal()
    sendable = try support.attribute("sendable", python).immortal()
    leaveForked = try support.attribute("leave_forked", python).immortal()
    requestTimeout = try support.attribute("RequestTimeout", python).immortal()
    let builtins = try python.importModule("builtins")
    osError = try builtins.reference.attribute("OSError", python).immortal()
    errors = try support.attribute("errors", python).immortal()
    switchInterval = SwitchInterval(
      setter: try support.attribute("set_switch_interval", python).immortal(),
      isFixed: hasFixedSwitchInterval
    )
  }
}

/// A WSGI callable under a path, with what is the same for all of its requests.
package final class WSGIApplication: @unchecked Sendable {
  // As in the bridge.

  let bridge: WSGIBridge
  let callable: PythonReference
  /// As the user has named it, for the log.
  let name: String
  /// SCRIPT_NAME: the path that it is under, decoded; empty for "/".
  let prefix: [UInt8]
  let template: PythonDictionary
  /// Whether it is called before a request's body is whole.
  let streamsRequests: Bool
  /// Nanoseconds for which it may be silent; 0 sets no bound.
  package let timeout: UInt64
  /// Where that was said, for the log.
  let timeoutOption: String

  package init(
    _ bridge: WSGIBridge,
    callable: PythonReference,
    name: String,
    prefix: String,
    streamsRequests: Bool,
    timeout: UInt64,
    timeoutOption: String,
    _ python: Attached
  ) throws(PythonRaised) {
    self.bridge = bridge
    self.callable = PythonObject(retaining: callable).immortal()
    self.name = name
    self.prefix = prefix == "/" ? [] : Array(prefix.utf8)
    self.streamsRequests = streamsRequests
    self.timeout = timeout
    self.timeoutOption = timeoutOption

    template = try PythonDictionary(python)
    let major = try python.integer(1)
    let minor = try python.integer(0)
    try template.set("wsgi.version", python.tuple(major.reference, minor.reference), python)
    try template.set("wsgi.url_scheme", python.string("http"), python)
    try template.set("wsgi.errors", PythonObject(retaining: bridge.errors), python)
    try template.set("wsgi.multithread", python.boolean(bridge.isMultithreaded), python)
    try template.set("wsgi.multiprocess", python.boolean(false), python)
    try template.set("wsgi.run_once", python.boolean(false), python)
    try template.set("wsgi.file_wrapper", PythonObject(retaining: bridge.fileWrapper), python)
    // Reading to the end is safe whatever CONTENT_LENGTH says: a chunked body has ended by then, too.
    try template.set("wsgi.input_terminated", python.boolean(true), python)
    try template.set("SERVER_SOFTWARE", python.string(bridge.softwareName), python)
    try template.set("SCRIPT_NAME", python.latin1(self.prefix), python)
    // What most requests say.
    let names = bridge.names
    try template.set(names.requestMethod, names.methods[Int(HTTPMethod.get.rawValue)])
    try template.set(names.serverProtocol, names.http11)
    try template.set(names.queryString, names.emptyString)
    // What every request sets anew: a copy of the template has the places for it, and room for the fields besides. With
    // fewer keys than these, CPython would give it a table that has to grow while it is being filled.
    for key in names.perRequest { try template.set(key, .none) }
  }
}
