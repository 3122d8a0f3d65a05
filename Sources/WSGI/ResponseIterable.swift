import HTTPServer
import PythonRuntime
import Synchronization

/// A response iterable whose `close()` is still owed.
///
/// It may be dropped on any thread, so it never releases the object by itself: whoever closes it takes it out,
/// attached. If nobody ever does (the process is ending), the object is left alone.
final class ResponseIterable: Sendable {
  private let object: Mutex<PythonObject?>
  /// Whose response it is, for the log.
  let exchange: Exchange?
  let application: WSGIApplication?

  init(_ object: consuming PythonObject, of exchange: Exchange, in application: WSGIApplication) {
    self.object = Mutex(object)
    self.exchange = exchange
    self.application = application
  }

  /// One that has been taken: there is nothing to close.
  init() {
    object = Mutex(nil)
    exchange = nil
    application = nil
  }

  deinit {
    if let object = take() { _ = object.immortal() }
  }

  /// The iterable, for the one who asks first.
  func take() -> PythonObject? {
    object.withLock { $0.take() }
  }
}
