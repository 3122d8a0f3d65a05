import HTTPCore
import HTTPServer
import PythonRuntime

extension WSGIResponse {
  /// `start_response(status, headers, exc_info=None)` → `write(bytes)`
  func startResponse(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    var excInfo = arguments[2]
    if let keyword = arguments.keyword(0, python), keyword.name == "exc_info", arguments.keywordCount == 1 {
      excInfo = keyword.value
    } else if arguments.keywordCount > 0 || arguments.count > 3 {
      throw python.raise(
        .typeError,
        "start_response() takes status, headers and exc_info, the first two by position (PEP 3333)"
      )
    }
    guard let status = arguments[0], let headers = arguments[1] else {
      throw python.raise(.typeError, "start_response() takes at least a status and headers")
    }
    guard !isRetired else {
      throw python.raise(.runtimeError, "start_response() was called after the request had ended")
    }
    if let excInfo, try excInfo.isTrue(python) {
      // Too late for another answer: PEP 3333 has the application's own exception raised again.
      try check(excInfo, raises: headIsSent, python)
    } else if head != nil {
      throw python.raise(
        .assertionError,
        "start_response() was called a second time without exc_info (PEP 3333)"
      )
    }
    let (head, target) = try makeHead(status, headers, python)
    self.head = head
    internalTarget = target
    return try function(Self.write, python)
  }

  /// - Parameter raises: whether the exception in it is to be raised.
  private func check(
    _ excInfo: PythonReference,
    raises: Bool,
    _ python: Attached
  ) throws(PythonRaised) {
    let parts = try PythonTuple(copying: excInfo, python)
    if parts.count == 3, let exception = parts[1] {
      if python.isException(exception) {
        if raises { throw python.raise(exception) }
        return
      }
      // `sys.exc_info()` where nothing was raised.
      if exception.isNone, !raises { return }
    }
    throw python.raise(
      .typeError,
      "exc_info must be a tuple as sys.exc_info() gives it, not \(excInfo.describe(python))"
    )
  }

  /// `write(bytes)`, for applications that push their response instead of returning it.
  func write(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    guard arguments.count == 1, arguments.keywordCount == 0, let data = arguments[0] else {
      throw python.raise(.typeError, "write() takes one argument, the bytes to send")
    }
    guard !isRetired else {
      throw python.raise(.runtimeError, "write() was called after the request had ended")
    }
    try write(data, python)
    return python.none()
  }

  /// `early_hints(headers)`: a response of 103 (RFC 8297) before the final one; nothing in HTTP/1.0, and after the head.
  func sendEarlyHints(
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    guard arguments.count == 1, arguments.keywordCount == 0, let headers = arguments[0] else {
      throw python.raise(.typeError, "early_hints() takes one argument, a list of (name, value) tuples")
    }
    var hints = ResponseHead(status: .earlyHints)
    // What is meant for the server is no client's.
    try append(headers, to: &hints.fields, python) { _ in }
    hints.fields.setContentLength(nil)
    if !isRetired { sendInterim(hints, python) }
    return python.none()
  }
}

// MARK: - Reading the arguments

extension WSGIResponse {
  /// - Throws: TypeError or ValueError, for the application to see where it went wrong.
  private func makeHead(
    _ status: PythonReference,
    _ headers: PythonReference,
    _ python: Attached
  ) throws(PythonRaised) -> (ResponseHead, InternalTarget?) {
    var head = try Self.makeStatus(status, python)
    var target: InternalTarget?
    head.fields = HeaderBlock(reservingCapacity: 256)
    try append(headers, to: &head.fields, python) { target = $0 }
    return (head, target)
  }

  /// - Parameter redirect: is given a file that is asked for; the field that asks does not go out.
  private func append(
    _ headers: PythonReference,
    to block: inout HeaderBlock,
    _ python: Attached,
    redirect: (InternalTarget) -> Void
  ) throws(PythonRaised) {
    let fields = try PythonTuple(copying: headers, python)
    for index in 0..<fields.count {
      guard let field = fields[index] else { continue }
      let pair = field.builtinType(python)
      guard pair == .tuple || pair == .list else {
        throw python.raise(.typeError, "header \(field.describe(python)) is not a (name, value) tuple")
      }
      let parts = try PythonTuple(copying: field, python)
      guard parts.count == 2, let name = parts[0], let value = parts[1] else {
        throw python.raise(.valueError, "header \(field.describe(python)) is not a (name, value) tuple")
      }
      if bridge.sendsInternalFiles, let target = InternalTarget(field: name, value, python) {
        redirect(target)
      } else {
        try Self.append(name, value, to: &block, python)
      }
    }
  }

  private static func makeStatus(
    _ status: PythonReference,
    _ python: Attached
  ) throws(PythonRaised) -> ResponseHead {
    let head = status.withLatin1(python) { bytes -> ResponseHead? in
      guard bytes.count >= 3, bytes[0].isDigit, bytes[1].isDigit, bytes[2].isDigit else { return nil }
      let code = Int(bytes[0] & 0x0F) * 100 + Int(bytes[1] & 0x0F) * 10 + Int(bytes[2] & 0x0F)
      // An interim status is no answer (RFC 9110, section 15.2).
      guard code >= 200, let status = HTTPStatus(code: code) else { return nil }
      var head = ResponseHead(status: status)
      guard bytes.count > 3 else { return head }
      guard bytes[3] == ASCII.space else { return nil }
      let phrase = UnsafeRawBufferPointer(rebasing: bytes[4...]).bytes
      if !phrase.equals(0..<phrase.byteCount, status.reasonPhrase) {
        do { try head.setReason(checked: phrase) } catch { return nil }
      }
      return head
    }
    guard let head else {
      throw python.raise(.typeError, "status must be a str, not \(status.describe(python))")
    }
    guard let head else {
      throw python.raise(
        .valueError,
        "status \(status.describe(python)) must be three digits from 200 on, a space and a reason "
          + "without control characters"
      )
    }
    return head
  }

  private static func append(
    _ name: PythonReference,
    _ value: PythonReference,
    to block: inout HeaderBlock,
    _ python: Attached
  ) throws(PythonRaised) {
    let fault = name.withLatin1(python) { name -> HeaderFault?? in
      value.withLatin1(python) { value -> HeaderFault? in
        do throws(HeaderFault) {
          try block.appendChecked(name: name, value: value)
          return nil
        } catch {
          return error
        }
      }
    }
    switch fault {
    case .some(.some(.none)): return
    case .some(.some(.some(let fault))):
      throw python.raise(.valueError, "header \(name.describe(python)): \(value.describe(python)): \(fault)")
    case .some(.none):
      throw python.raise(
        .typeError,
        "the value of header \(name.describe(python)) must be a str of latin-1 characters, not "
          + value.describe(python)
      )
    case .none:
      throw python.raise(
        .typeError,
        "header name must be a str of latin-1 characters, not \(name.describe(python))"
      )
    }
  }
}
