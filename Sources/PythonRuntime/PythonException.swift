import CPythonABI

/// A Python exception is set in this thread's error indicator. The exception itself stays there, as CPython
/// has it, until somebody takes it, clears it, or returns to Python with it.
public struct PythonRaised: Error {
  @usableFromInline package init() {}
}

/// The exceptions that Martlet raises itself.
package enum PythonExceptionType {
  case typeError, valueError, assertionError, runtimeError, osError, brokenPipe

  fileprivate var pointer: OpaquePointer? {
    let slot =
      switch self {
      case .typeError: martlet_PyExc_TypeError()
      case .valueError: martlet_PyExc_ValueError()
      case .assertionError: martlet_PyExc_AssertionError()
      case .runtimeError: martlet_PyExc_RuntimeError()
      case .osError: martlet_PyExc_OSError()
      case .brokenPipe: martlet_PyExc_BrokenPipeError()
      }
    return slot?.assumingMemoryBound(to: OpaquePointer?.self).pointee
  }
}

extension Attached {
  /// Sets an exception and returns what to throw: `throw python.raise(.typeError, "…")`.
  package func raise(_ type: PythonExceptionType, _ message: String) -> PythonRaised {
    message.withCString { PyErr_SetString(type.pointer, $0) }
    return PythonRaised()
  }

  /// Takes the pending exception out of the error indicator, complete with its traceback.
  package func takeException() -> PythonObject? {
    var type: OpaquePointer?
    var value: OpaquePointer?
    var traceback: OpaquePointer?
    PyErr_Fetch(&type, &value, &traceback)
    guard type != nil else { return nil }
    PyErr_NormalizeException(&type, &value, &traceback)
    if let value, let traceback { PyException_SetTraceback(value, traceback) }
    if let type { Py_DecRef(type) }
    if let traceback { Py_DecRef(traceback) }
    return value.map { PythonObject(stealing: $0) }
  }

  /// Raises an exception object, keeping the traceback that it has. Anything else is a TypeError.
  package func raise(_ exception: PythonReference) -> PythonRaised {
    // CPython itself trusts the caller here, and would write into whatever object it is given.
    guard isException(exception) else {
      return raise(.typeError, "exceptions derive from BaseException; this is \(exception.describe(self))")
    }
    let type = PyObject_Type(exception.pointer)
    let traceback = PyObject_GetAttrString(exception.pointer, "__traceback__")
    Py_IncRef(exception.pointer)
    if let traceback, PythonReference(borrowing: traceback).isNone {
      Py_DecRef(traceback)
      PyErr_Restore(type, exception.pointer, nil)
    } else {
      PyErr_Restore(type, exception.pointer, traceback)
    }
    return PythonRaised()
  }

  /// Has the thread with this identifier (`threading.get_ident()`) raise an exception as soon as it runs Python code;
  /// nil takes back what it has not raised yet.
  package func raise(_ exception: PythonReference?, inThread identifier: UInt) {
    _ = PyThreadState_SetAsyncExc(identifier, exception?.pointer)
  }

  /// Whether the pending exception, if any, is an instance of `type`.
  package func isInstance(_ exception: PythonReference, of type: PythonReference) -> Bool {
    let result = PyObject_IsInstance(exception.pointer, type.pointer)
    if result < 0 { PyErr_Clear() }
    return result == 1
  }

  /// Whether an object can be raised.
  package func isException(_ object: PythonReference) -> Bool {
    let base = martlet_PyExc_BaseException()?.assumingMemoryBound(to: OpaquePointer?.self).pointee
    let result = PyObject_IsInstance(object.pointer, base)
    if result < 0 { PyErr_Clear() }
    return result == 1
  }

  package func clearException() {
    PyErr_Clear()
  }
}
