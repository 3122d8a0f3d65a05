import HTTPCore
import HTTPServer
import PythonRuntime

/// The response of one call, from the application's side: the functions that the call gives to its application
/// (`start_response` and `write` of PEP 3333, `wsgi.early_hints`, `martlet.disconnected`), what has been said with them,
/// and how far it has been sent.
///
/// The application may keep the functions, and so this, for as long as it likes: they know when the call is over.
final class WSGIResponse: PythonCallable {
  let exchange: Exchange
  let bridge: WSGIBridge
  let thread: PythonThread

  /// What the application has said; nil until it has.
  var head: ResponseHead?
  /// A file that the application has sent in its response's place.
  var internalTarget: InternalTarget?
  /// The head is on its way to the client and can't be taken back.
  var headIsSent = false
  /// The call has returned: its functions do nothing any more.
  private(set) var isRetired = false
  /// What the functions are made from while the call runs. Whoever runs it keeps it.
  private var capsule: PythonReference?

  var flow: ResponseFlow?
  /// All of it has been handed over.
  var isOver = false
  /// Bytes that were handed over after a head that says how many there are.
  var sentCount: Int64 = 0
  /// All of the content has been posted, and the application has not come to its end yet.
  var isWholeSent = false
  /// Of a response that `--compress` has a say in.
  var coding: ResponseCoding?

  static let startResponse = PythonFunctionName("start_response", entry: 0)
  static let write = PythonFunctionName("write", entry: 1)
  static let earlyHints = PythonFunctionName("early_hints", entry: 2)
  static let disconnected = PythonFunctionName("disconnected", entry: 3)

  init(for exchange: Exchange, _ bridge: WSGIBridge, _ thread: PythonThread) {
    self.exchange = exchange
    self.bridge = bridge
    self.thread = thread
    super.init()
  }

  /// The functions can be made as long as the handle lives.
  func begin(_ handle: borrowing PythonCallableHandle) {
    capsule = handle.reference
  }

  /// The call is over. Who keeps the functions, or the environ that has them, keeps nothing else of the response.
  func retire() {
    isRetired = true
    capsule = nil
    (head, internalTarget) = (nil, nil)
    (flow, coding) = (nil, nil)
  }

  func function(_ name: PythonFunctionName, _ python: Attached) throws(PythonRaised) -> PythonObject {
    guard let capsule else {
      throw python.raise(.runtimeError, "the request has ended")
    }
    return try PythonCallableHandle.function(name, capsule, python)
  }

  override func call(
    entry: Int,
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    guard !ForkedProcess.isCurrent else {
      throw python.raise(
        .runtimeError,
        "this process was forked from the server's: it cannot answer the request"
      )
    }
    switch entry {
    case 0: return try startResponse(arguments, python)
    case 1: return try write(arguments, python)
    case 2: return try sendEarlyHints(arguments, python)
    default: return try python.boolean(exchange.isCancelled || isRetired)
    }
  }
}
