import CPythonABI

/// A builtin `dict`.
package struct PythonDictionary: ~Copyable {
  package let object: PythonObject

  private init(_ object: consuming PythonObject) {
    self.object = object
  }

  package init(_ python: Attached) throws(PythonRaised) {
    self.init(try .checked(PyDict_New()))
  }

  package func copy(_ python: Attached) throws(PythonRaised) -> PythonDictionary {
    PythonDictionary(try .checked(PyDict_Copy(object.pointer)))
  }

  /// `self[key] = value`; the dictionary adds references of its own.
  @_alwaysEmitIntoClient
  package func set(_ key: PythonReference, _ value: PythonReference) throws(PythonRaised) {
    if PyDict_SetItem(object.pointer, key.pointer, value.pointer) != 0 { throw PythonRaised() }
  }

  /// The same for start-up: the key is kept for good.
  package func set(
    _ key: String,
    _ value: consuming PythonObject,
    _ python: Attached
  ) throws(PythonRaised) {
    try set(python.interned(key), value.reference)
  }

  /// The dict as an object of any kind.
  package consuming func take() -> PythonObject { object }

  /// `self.get(key)`, valid until the dictionary changes.
  package func get(_ key: PythonReference) throws(PythonRaised) -> PythonReference? {
    if let value = PyDict_GetItemWithError(object.pointer, key.pointer) {
      return PythonReference(borrowing: value)
    }
    if PyErr_Occurred() != nil { throw PythonRaised() }
    return nil
  }
}

/// A builtin `tuple`, read only.
package struct PythonTuple: ~Copyable {
  private let object: PythonObject
  package let count: Int

  /// The items of any iterable as they are now: what another thread does to a list later has no effect.
  package init(copying sequence: PythonReference, _ python: Attached) throws(PythonRaised) {
    object = try .checked(PySequence_Tuple(sequence.pointer))
    count = PyTuple_Size(object.pointer)
  }

  /// The item at `index`, or nil beyond the end; valid while the tuple lives.
  package subscript(index: Int) -> PythonReference? {
    guard index >= 0, index < count else { return nil }
    return PyTuple_GetItem(object.pointer, index).map { PythonReference(borrowing: $0) }
  }
}
