import CPythonABI

/// The builtin types that the bridge treats specially.
package enum BuiltinType {
  case bytes, list, tuple, other
}

extension PythonReference {
  /// Which builtin type this object is exactly; a subclass is `.other`.
  package func builtinType(_ python: Attached) -> BuiltinType {
    guard let type = PyObject_Type(pointer) else { return .other }
    defer { Py_DecRef(type) }
    let address = UnsafeMutableRawPointer(type)
    if address == martlet_PyList_Type() { return .list }
    if address == martlet_PyBytes_Type() { return .bytes }
    if address == martlet_PyTuple_Type() { return .tuple }
    return .other
  }

  /// The contents of a `bytes` (or a subclass), for as long as `body` runs; nil for anything else.
  @_alwaysEmitIntoClient
  package func withBytes<Result, Failure: Error>(
    _ python: Attached,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    var start: UnsafeMutablePointer<CChar>?
    var count: Py_ssize_t = 0
    guard PyBytes_AsStringAndSize(pointer, &start, &count) == 0 else {
      PyErr_Clear()
      return nil
    }
    return try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The latin-1 bytes of a `str` (or a subclass), for as long as `body` runs.
  ///
  /// - Returns: nil where this is no `str`, or has a character beyond U+00FF.
  @_alwaysEmitIntoClient
  package func withLatin1<Result, Failure: Error>(
    _ python: Attached,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    var count: Py_ssize_t = 0
    // For a string of ASCII, by far the usual one, CPython hands out its own memory: as many bytes as characters.
    guard let start = PyUnicode_AsUTF8AndSize(pointer, &count) else {
      PyErr_Clear()
      return nil
    }
    if PyUnicode_GetLength(pointer) == count {
      return try body(UnsafeRawBufferPointer(start: start, count: count))
    }
    guard let encoded = PyUnicode_AsLatin1String(pointer) else {
      PyErr_Clear()
      return nil
    }
    let owner = PythonObject(stealing: encoded)
    return try owner.reference.withBytes(python, body)
  }

  /// What `os.fsencode` makes of a `str`: the name of a file, for as long as `body` runs.
  ///
  /// - Returns: nil where this is no `str`, or no name.
  package func withFileSystemBytes<Result, Failure: Error>(
    _ python: Attached,
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let encoded = PyUnicode_EncodeFSDefault(pointer) else {
      PyErr_Clear()
      return nil
    }
    let owner = PythonObject(stealing: encoded)
    return try owner.reference.withBytes(python, body)
  }

  /// `bool(self)`
  package func isTrue(_ python: Attached) throws(PythonRaised) -> Bool {
    let result = PyObject_IsTrue(pointer)
    if result < 0 { throw PythonRaised() }
    return result != 0
  }

  /// Text for a message: `repr(self)`, shortened to 120 characters.
  package func describe(_ python: Attached) -> String {
    guard let text = PyObject_Repr(pointer) else {
      PyErr_Clear()
      return "<an object whose repr() failed>"
    }
    defer { Py_DecRef(text) }
    var count: Py_ssize_t = 0
    guard let start = PyUnicode_AsUTF8AndSize(text, &count) else {
      PyErr_Clear()
      return "<an object whose repr() has no UTF-8 form>"
    }
    // A character has at most four bytes; the rest of a long one is not looked at.
    let head = UnsafeRawBufferPointer(start: start, count: min(count, 480))
    let shown = String(decoding: head, as: UTF8.self).prefix(120)
    return shown.utf8.count < count ? String(shown.dropLast()) + "…" : String(shown)
  }

  /// The value of an `int`, or nil where this is none or does not fit.
  package func integer(_ python: Attached) -> Int64? {
    let value = PyLong_AsLongLong(pointer)
    if value == -1, PyErr_Occurred() != nil {
      PyErr_Clear()
      return nil
    }
    return value
  }

  /// The text of a `str`, or nil where this is none.
  package func string(_ python: Attached) -> String? {
    var count: Py_ssize_t = 0
    guard let start = PyUnicode_AsUTF8AndSize(pointer, &count) else {
      PyErr_Clear()
      return nil
    }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
  }
}

extension PythonReference {
  /// Whether this is an instance of `type` itself and not of a subclass.
  package func isExactly(_ type: PythonReference, _ python: Attached) -> Bool {
    guard let own = PyObject_Type(pointer) else { return false }
    defer { Py_DecRef(own) }
    return own == type.pointer
  }
}
