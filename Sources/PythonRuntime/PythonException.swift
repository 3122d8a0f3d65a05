import CPythonABI

/// A Python exception is set in this thread's error indicator. The exception itself stays there, as CPython
/// has it, until somebody takes it, clears it, or returns to Python with it.
public struct PythonRaised: Error {
  package init() {}
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
    let base = martlet_PyExc_BaseException()?.assumingMemoryBound(to: OpaquePointer?.self).pointee
    guard PyObject_IsInstance(exception.pointer, base) == 1 else {
      PyErr_Clear()
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

  package func clearException() {
    PyErr_Clear()
  }
}
