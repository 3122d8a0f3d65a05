import CPythonABI

extension PythonReference {
  /// `self()`
  package func call(_ python: Attached) throws(PythonRaised) -> PythonObject {
    try .checked(PyObject_CallNoArgs(pointer))
  }

  /// `self(*arguments)`; the arguments are borrowed for the time of the call.
  package func call(_ python: Attached, _ arguments: PythonReference...) throws(PythonRaised) -> PythonObject
  {
    try .checked(vectorcall(arguments.map { Optional($0.pointer) }))
  }

  /// `self(first, second)`, the shape of a WSGI call, without an array for the arguments.
  package func call(
    _ python: Attached,
    _ first: PythonReference,
    _ second: PythonReference
  ) throws(PythonRaised) -> PythonObject {
    guard martlet_has_PyObject_Vectorcall() != 0 else {
      return try .checked(vectorcall([first.pointer, second.pointer]))
    }
    var arguments: (OpaquePointer?, OpaquePointer?) = (first.pointer, second.pointer)
    let result = withUnsafePointer(to: &arguments) {
      $0.withMemoryRebound(to: OpaquePointer?.self, capacity: 2) {
        PyObject_Vectorcall(pointer, $0, 2, nil)
      }
    }
    return try .checked(result)
  }

  private func vectorcall(_ arguments: [OpaquePointer?]) -> OpaquePointer? {
    if martlet_has_PyObject_Vectorcall() != 0 {
      return PyObject_Vectorcall(pointer, arguments, arguments.count, nil)
    }
    guard let tuple = PyTuple_New(arguments.count) else { return nil }
    defer { Py_DecRef(tuple) }
    for (index, argument) in arguments.enumerated() {
      Py_IncRef(argument)
      guard PyTuple_SetItem(tuple, index, argument) == 0 else { return nil }
    }
    return PyObject_Call(pointer, tuple, nil)
  }

  /// `self.name`
  package func attribute(_ name: StaticString, _ python: Attached) throws(PythonRaised) -> PythonObject {
    try .checked(PyObject_GetAttrString(pointer, name.cString))
  }

  /// `self.name`, or nil where there is no such attribute. Whatever else the look-up raised is dropped too.
  package func attributeIfPresent(_ name: PythonReference, _ python: Attached) -> PythonObject? {
    guard let value = PyObject_GetAttr(pointer, name.pointer) else {
      PyErr_Clear()
      return nil
    }
    return PythonObject(stealing: value)
  }

  package func setAttribute(
    _ name: StaticString,
    _ value: PythonReference,
    _ python: Attached
  ) throws(PythonRaised) {
    if PyObject_SetAttrString(pointer, name.cString, value.pointer) != 0 { throw PythonRaised() }
  }

  /// `self.append(item)` of a list.
  package func append(_ item: PythonReference, _ python: Attached) throws(PythonRaised) {
    if PyList_Append(pointer, item.pointer) != 0 { throw PythonRaised() }
  }

  /// `iter(self)`
  package func iterator(_ python: Attached) throws(PythonRaised) -> PythonObject {
    try .checked(PyObject_GetIter(pointer))
  }

  /// The next item of an iterator, or nil at its end.
  package func next(_ python: Attached) throws(PythonRaised) -> PythonObject? {
    if let item = PyIter_Next(pointer) { return PythonObject(stealing: item) }
    if PyErr_Occurred() != nil { throw PythonRaised() }
    return nil
  }

  /// `len(self)`, or nil where the object has no length.
  package func length(_ python: Attached) -> Int? {
    let count = PyObject_Size(pointer)
    guard count >= 0 else {
      PyErr_Clear()
      return nil
    }
    return count
  }

}

extension StaticString {
  /// A static string is NUL-terminated, as C wants it.
  var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
