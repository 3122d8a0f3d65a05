import HTTPCore
import HTTPServer
import PythonRuntime

/// `start_response`, for one request (PEP 3333, "The start_response() Callable").
final class StartResponse: PythonCallable {
  /// What the application has said; nil until it has.
  private(set) var head: ResponseHead?
  /// The head is on its way to the client and can't be taken back.
  var headIsSent = false
  /// Takes what is written through `write()`; nil once the call is over, however long the application keeps us.
  fileprivate var sender: ResponseSender?

  static let functionName = PythonFunctionName("start_response")

  init(for sender: ResponseSender) {
    self.sender = sender
    super.init()
  }

  /// Ends the cycle between the two.
  func retire() {
    sender = nil
  }

  /// `start_response(status, headers, exc_info=None)` → `write(bytes)`
  override func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    var excInfo = arguments[2]
    if let keyword = arguments.keyword(0, python), keyword.name == "exc_info", arguments.keywordCount == 1 {
      excInfo = keyword.value
    } else if arguments.keywordCount > 0 || arguments.count > 3 {
      throw python.raise(.typeError, "start_response() takes status, headers and exc_info")
    }
    guard let status = arguments[0], let headers = arguments[1] else {
      throw python.raise(.typeError, "start_response() takes at least a status and headers")
    }
    guard !ForkedProcess.isCurrent else { throw Self.notTheServer(python) }
    guard sender != nil else {
      throw python.raise(.runtimeError, "start_response() was called after the request had ended")
    }
    if let excInfo, try excInfo.isTrue(python) {
      // Too late for another answer: PEP 3333 has the application's own exception raised again.
      if headIsSent { throw try reraise(excInfo, python) }
    } else if head != nil {
      throw python.raise(
        .assertionError,
        "start_response() was called a second time without exc_info (PEP 3333)"
      )
    }
    head = try Self.makeHead(status, headers, python)
    return try python.function(WriteFunction.functionName, WriteFunction(self))
  }

  fileprivate static func notTheServer(_ python: Attached) -> PythonRaised {
    python.raise(.runtimeError, "this process was forked from the server's: it cannot answer the request")
  }

  private func reraise(_ excInfo: PythonReference, _ python: Attached) throws(PythonRaised) -> PythonRaised {
    let parts = try PythonTuple(copying: excInfo, python)
    guard parts.count == 3, let exception = parts[1] else {
      return python.raise(.typeError, "exc_info must be a tuple as sys.exc_info() gives it")
    }
    return python.raise(exception)
  }
}

// MARK: - Reading the arguments

extension StartResponse {
  /// - Throws: TypeError or ValueError, for the application to see where it went wrong.
  private static func makeHead(
    _ status: PythonReference,
    _ headers: PythonReference,
    _ python: Attached
  ) throws(PythonRaised) -> ResponseHead {
    var head = try makeStatus(status, python)
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
      try append(name, value, to: &head.fields, python)
    }
    return head
  }

  private static func makeStatus(
    _ status: PythonReference,
    _ python: Attached
  ) throws(PythonRaised) -> ResponseHead {
    let head = status.withLatin1(python) { bytes -> ResponseHead? in
      let digits = bytes.prefix(3)
      guard digits.count == 3, digits.allSatisfy(\.isDigit) else { return nil }
      let code = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
      // An interim status is no answer (RFC 9110, section 15.2).
      guard code >= 200, let status = HTTPStatus(code: code) else { return nil }
      var head = ResponseHead(status: status)
      guard bytes.count > 3 else { return head }
      guard bytes[3] == ASCII.space else { return nil }
      let phrase = UnsafeRawBufferPointer(rebasing: bytes[4...])
      let isUsual = status.reasonPhrase.withUTF8Buffer { $0.elementsEqual(phrase) }
      if !isUsual {
        do { try head.setReason(checked: phrase.bytes) } catch { return nil }
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

/// `write()`, for applications that push their response instead of returning it.
private final class WriteFunction: PythonCallable {
  static let functionName = PythonFunctionName("write")
  private let startResponse: StartResponse

  init(_ startResponse: StartResponse) {
    self.startResponse = startResponse
    super.init()
  }

  override func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    guard arguments.count == 1, arguments.keywordCount == 0, let data = arguments[0] else {
      throw python.raise(.typeError, "write() takes one argument, the bytes to send")
    }
    guard !ForkedProcess.isCurrent else { throw StartResponse.notTheServer(python) }
    guard let sender = startResponse.sender else {
      throw python.raise(.runtimeError, "write() was called after the request had ended")
    }
    try sender.write(data, python)
    return python.none()
  }
}
