import PythonRuntime
import Synchronization

/// A response iterable whose `close()` is still owed.
///
/// It may be dropped on any thread, so it never releases the object by itself: whoever closes it takes it out,
/// attached. If nobody ever does (the process is ending), the object is left alone.
final class ResponseIterable: Sendable {
  private let object: Mutex<PythonObject?>

  init(_ object: consuming PythonObject) {
    self.object = Mutex(object)
  }

  /// One that has been taken: there is nothing to close.
  init() {
    object = Mutex(nil)
  }

  deinit {
    if let object = take() { _ = object.immortal() }
  }

  /// The iterable, for the one who asks first.
  func take() -> PythonObject? {
    object.withLock { $0.take() }
  }
}
