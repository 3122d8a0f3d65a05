import HTTPServer
import Logging
import PythonRuntime

/// A WSGI callable, with what is the same for all of its requests.
package final class WSGIApplication: @unchecked Sendable {
  // Every Python reference in here is immortal; calling one takes an attached thread, as always.

  let callable: PythonReference
  let names: PythonNames
  let template: PythonDictionary
  let input: RequestInput
  /// The Python half of the bridge (python/martlet/bootstrap.py): `format_exception(exception) -> str`.
  let formatException: PythonReference
  /// The class behind `wsgi.file_wrapper`, and `sendable(wrapper) -> (descriptor, offset, size) or None`.
  let fileWrapper, sendable: PythonReference
  /// `leave_forked(exception or None)`: ends a process that the application has forked.
  let leaveForked: PythonReference
  let logger: Logger

  /// - Parameters:
  ///   - callable: the application.
  ///   - support: what the Python half provides, by name: `errors`, `file_wrapper`, `sendable`,
  ///     `format_exception`, `leave_forked`.
  ///   - isMultithreaded: for `wsgi.multithread`.
  package init(
    callable: PythonReference,
    support: PythonReference,
    isMultithreaded: Bool,
    softwareName: String,
    logger: Logger,
    _ python: Attached
  ) throws(PythonRaised) {
    self.callable = PythonObject(retaining: callable).immortal()
    self.logger = logger
    names = try PythonNames(python)
    input = try RequestInput(python)
    formatException = try support.attribute("format_exception", python).immortal()
    fileWrapper = try support.attribute("FileWrapper", python).immortal()
    sendable = try support.attribute("sendable", python).immortal()
    leaveForked = try support.attribute("leave_forked", python).immortal()
    let errors = try support.attribute("errors", python)

    template = try PythonDictionary(python)
    let major = try python.integer(1)
    let minor = try python.integer(0)
    try template.set("wsgi.version", python.tuple(major.reference, minor.reference), python)
    try template.set("wsgi.url_scheme", python.string("http"), python)
    try template.set("wsgi.errors", errors, python)
    try template.set("wsgi.multithread", python.boolean(isMultithreaded), python)
    try template.set("wsgi.multiprocess", python.boolean(false), python)
    try template.set("wsgi.run_once", python.boolean(false), python)
    try template.set("wsgi.file_wrapper", PythonObject(retaining: fileWrapper), python)
    // Reading to the end is safe whatever CONTENT_LENGTH says: a chunked body has ended by then, too.
    try template.set("wsgi.input_terminated", python.boolean(true), python)
    try template.set("SERVER_SOFTWARE", python.string(softwareName), python)
    try template.set("SCRIPT_NAME", python.string(""), python)
  }
}

extension PythonDictionary {
  fileprivate func set(
    _ key: String,
    _ value: consuming PythonObject,
    _ python: Attached
  ) throws(PythonRaised) {
    try set(python.interned(key), value.reference)
  }
}

/// Answers requests with a WSGI application.
package final class WSGIHandler: ExchangeHandler {
  private let queue: WorkQueue

  package init(_ workers: PythonWorkers) {
    queue = workers.queue
  }

  /// The application starts when the body is whole: a slow upload holds no Python thread.
  package func handle(_ exchange: Exchange) {
    exchange.collectBody { [queue] in $0.handOver(to: queue) }
  }
}
