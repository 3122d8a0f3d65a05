import Glibc
import HTTPCore
import HTTPServer
import PythonRuntime

/// One call of the application: from the exchange to the last block of its response.
struct WSGICall {
  let application: WSGIApplication
  let response: WSGIResponse

  private var exchange: Exchange { response.exchange }
  private var bridge: WSGIBridge { response.bridge }
  private var thread: PythonThread { response.thread }

  init(_ application: WSGIApplication, _ exchange: consuming Exchange, _ thread: PythonThread) {
    self.application = application
    response = WSGIResponse(for: exchange, application.bridge, thread)
  }

  /// Runs it to its end. Whatever the application raises ends here: as an answer of 500 or a cut connection, and
  /// a record in the log.
  func run(_ python: Attached) {
    defer { response.retire() }
    do throws(PythonRaised) {
      let functions = try PythonCallableHandle(response, python)
      response.begin(functions)
      let environ = try thread.environs.makeEnviron(for: exchange, application, python)
      let earlyHints = try response.function(WSGIResponse.earlyHints, python)
      try environ.set(bridge.names.earlyHints, earlyHints.reference)
      let disconnected = try response.function(WSGIResponse.disconnected, python)
      try environ.set(bridge.names.disconnected, disconnected.reference)
      let startResponse = try response.function(WSGIResponse.startResponse, python)
      let result = try application.callable.call(python, environ.object.reference, startResponse.reference)
      bridge.leaveIfForked(python)
      try respond(with: result, python)
    } catch {
      fail(python)
    }
  }

  private func respond(with result: consuming PythonObject, _ python: Attached) throws(PythonRaised) {
    switch result.reference.builtinType(python) {
    case .list, .tuple:
      // Nothing of it is still to be computed, and it has no `close()`.
      let blocks = try PythonTuple(copying: result.reference, python)
      try response.sendAll(blocks, python)
    case .bytes, .other:
      do throws(PythonRaised) {
        if try sendFile(result.reference, python) { return }
        try iterate(result.reference, python)
      } catch {
        fail(python)
      }
      // It would be raised in close().
      if thread.slot.takeInterruption() { python.raise(nil, inThread: thread.slot.identifier) }
      bridge.close(result.reference, of: exchange, in: application, python)
    }
  }

  private func iterate(_ iterable: PythonReference, _ python: Attached) throws(PythonRaised) {
    if iterable.builtinType(python) == .bytes {
      throw python.raise(
        .typeError,
        "the application returned bytes, and not an iterable of them: return [body]"
      )
    }
    // PEP 3333, "Handling the Content-Length Header": with one block, its length is the content's.
    let isOnlyBlock = response.headIsSent ? false : iterable.length(python) == 1
    let iterator = try iterable.iterator(python)
    while true {
      let next = try iterator.reference.next(python)
      bridge.leaveIfForked(python)
      guard let block = next else { break }
      try response.send(block.reference, isOnlyBlock: isOnlyBlock, python)
      if response.needsNoMore { break }
    }
    try response.end(python)
  }

  /// The pending exception is the application's last word.
  private func fail(_ python: Attached) {
    guard let exception = python.takeException() else { return response.abort() }
    bridge.leaveIfForked(python, exception.reference)
    if !isExpected(exception.reference, python) { report(exception.reference, python) }
    response.abort()
  }
}

// MARK: - Faults

extension WSGICall {
  /// Once nobody waits for the response any more: what reading and writing raises for that, and what ended the call.
  private func isExpected(_ exception: PythonReference, _ python: Attached) -> Bool {
    guard exchange.isCancelled else { return false }
    return python.isInstance(exception, of: bridge.osError)
      || python.isInstance(exception, of: bridge.requestTimeout)
  }

  private func report(_ exception: PythonReference, _ python: Attached) {
    bridge.logger.error(
      "\(exchange.requestID): error handling \(exchange.line) in \(application.name)\n\(bridge.text(of: exception, python))"
    )
  }
}

// MARK: - Forked processes

extension WSGIBridge {
  /// The application has forked, and this is the child on its way out of the application: the request is the parent's.
  func leaveIfForked(_ python: Attached, _ exception: PythonReference = .none) {
    guard ForkedProcess.isCurrent else { return }
    _ = try? leaveForked.call(python, exception)
    _exit(1)
  }
}

// MARK: - Files

extension WSGICall {
  /// `wsgi.file_wrapper` over a real file: the kernel sends it, and no Python thread waits for the client.
  ///
  /// - Returns: whether the response is taken care of, `close()` included.
  private func sendFile(_ result: PythonReference, _ python: Attached) throws(PythonRaised) -> Bool {
    guard !response.headIsSent, result.isExactly(bridge.fileWrapper, python),
      response.head != nil, response.internalTarget == nil
    else { return false }
    let answer = try bridge.sendable.call(python, result)
    guard !answer.reference.isNone else { return false }
    let parts = try PythonTuple(copying: answer.reference, python)
    guard let descriptor = parts[0]?.integer(python).flatMap(CInt.init(exactly:)),
      let offset = parts[1]?.integer(python), let count = parts[2]?.integer(python),
      offset >= 0, count >= 0, let file = OpenFile(duplicating: descriptor)
    else { return false }

    // `close()` is due when the file has been sent, by a thread that is attached then.
    let iterable = ResponseIterable(PythonObject(retaining: result), of: exchange, in: application)
    exchange.whenFinished { [queue = thread.queue] in queue.push(.close(iterable)) }
    try response.send(FileSlice(file: file, offset: offset, count: count), python)
    return true
  }
}

// MARK: - What is owed to the application

extension WSGIBridge {
  /// Calls `close()` where there is one. What it raises is logged: the response is over.
  func close(
    _ iterable: PythonReference,
    of exchange: Exchange?,
    in application: WSGIApplication?,
    _ python: Attached
  ) {
    guard let method = iterable.attributeIfPresent(names.close, python) else { return }
    do throws(PythonRaised) {
      _ = try method.reference.call(python)
    } catch {
      guard let exception = python.takeException() else { return }
      leaveIfForked(python, exception.reference)
      logger.error(
        """
        \(exchange?.requestID ?? "-"): error in close() of the response to \(exchange?.line ?? "a request") in \
        \(application?.name ?? "an application")
        \(text(of: exception.reference, python))
        """
      )
    }
  }

  /// An exception as Python would print it.
  func text(of exception: PythonReference, _ python: Attached) -> String {
    if let formatted = try? formatException.call(python, exception),
      let text = formatted.reference.string(python)
    {
      return text
    }
    // Out of memory or of stack, for one.
    python.clearException()
    return exception.describe(python)
  }
}
