import CPythonABI

/// Proof that the calling thread is attached to the interpreter (on a Python with a GIL: that it holds it).
///
/// Whatever runs Python code, creates an object or touches a reference count asks for one. Code gets it where
/// Python calls in (``PythonCallable/call(_:_:)``), and must not keep it or hand it to another thread.
public struct Attached {
  init() {}

  /// Runs `body` detached, so that other threads can run Python; attached again when it returns.
  ///
  /// `body` must touch no Python object, not even to release one.
  @_alwaysEmitIntoClient
  package func detached<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let state = PyEval_SaveThread()
    defer { PyEval_RestoreThread(state) }
    return try body()
  }

  /// Runs the interpreter's pending signal handlers. Only the main thread has any.
  package func runSignalHandlers() throws(PythonRaised) {
    if PyErr_CheckSignals() != 0 { throw PythonRaised() }
  }
}

@available(*, unavailable)
extension Attached: Sendable {}
