import CPythonABI

/// Making Python values out of Swift's.
extension Attached {
  package func bytes(_ contents: UnsafeRawBufferPointer) throws(PythonRaised) -> PythonObject {
    try .checked(PyBytes_FromStringAndSize(contents.characters, contents.count))
  }

  /// `bytes` of this length, which `body` fills.
  package func bytes(
    count: Int,
    _ body: (UnsafeMutableRawBufferPointer) -> Void
  ) throws(PythonRaised) -> PythonObject {
    let object = try PythonObject.checked(PyBytes_FromStringAndSize(nil, count))
    // CPython's one empty object has nothing to fill.
    guard count > 0 else { return object }
    _ = object.reference.withBytes(self) { body(UnsafeMutableRawBufferPointer(mutating: $0)) }
    return object
  }

  /// PEP 3333's native string: one character for each byte.
  package func latin1(_ contents: UnsafeRawBufferPointer) throws(PythonRaised) -> PythonObject {
    try .checked(PyUnicode_DecodeLatin1(contents.characters, contents.count, nil))
  }

  /// `str(value)`
  package func decimal(_ value: UInt16) throws(PythonRaised) -> PythonObject {
    // In a register: the bytes from the last digit up.
    var digits: UInt64 = 0
    var count = 0
    var rest = value
    repeat {
      digits = digits << 8 | UInt64(0x30 + rest % 10)
      rest /= 10
      count += 1
    } while rest > 0
    return try withUnsafeBytes(of: digits.littleEndian) { bytes throws(PythonRaised) in
      try latin1(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
    }
  }

  package func latin1(_ contents: [UInt8]) throws(PythonRaised) -> PythonObject {
    try contents.span.bytes.withUnsafeBytes { bytes throws(PythonRaised) in try latin1(bytes) }
  }

  package func string(_ text: String) throws(PythonRaised) -> PythonObject {
    var text = text
    return try .checked(
      text.withUTF8 {
        PyUnicode_FromStringAndSize(UnsafeRawBufferPointer($0).characters, $0.count)
      }
    )
  }

  /// A path, a command-line argument or anything else of the operating system's: `os.fsdecode`.
  package func fileSystemString(_ text: String) throws(PythonRaised) -> PythonObject {
    var text = text
    return try .checked(
      text.withUTF8 {
        PyUnicode_DecodeFSDefaultAndSize(UnsafeRawBufferPointer($0).characters, $0.count)
      }
    )
  }

  /// A string that dictionaries find by its address; it lives as long as the process.
  package func interned(_ text: String) throws(PythonRaised) -> PythonReference {
    var pointer: OpaquePointer? = try string(text).relinquish()
    PyUnicode_InternInPlace(&pointer)
    return try PythonObject.checked(pointer).immortal()
  }

  package func integer(_ value: Int64) throws(PythonRaised) -> PythonObject {
    try .checked(PyLong_FromLongLong(value))
  }

  package func float(_ value: Double) throws(PythonRaised) -> PythonObject {
    try .checked(PyFloat_FromDouble(value))
  }

  package func boolean(_ value: Bool) throws(PythonRaised) -> PythonObject {
    try .checked(PyBool_FromLong(value ? 1 : 0))
  }

  /// A new tuple; the items are borrowed.
  package func tuple(_ items: PythonReference...) throws(PythonRaised) -> PythonObject {
    let tuple = try PythonObject.checked(PyTuple_New(items.count))
    for (index, item) in items.enumerated() {
      Py_IncRef(item.pointer)
      if PyTuple_SetItem(tuple.pointer, index, item.pointer) != 0 { throw PythonRaised() }
    }
    return tuple
  }

  /// A new list of str, decoded as file names are.
  package func list(_ items: [String]) throws(PythonRaised) -> PythonObject {
    let list = try PythonObject.checked(PyList_New(0))
    for item in items {
      let text = try fileSystemString(item)
      if PyList_Append(list.pointer, text.pointer) != 0 { throw PythonRaised() }
    }
    return list
  }

  /// `None`, as a reference to return.
  package func none() -> PythonObject { PythonObject(retaining: .none) }

  package func importModule(_ name: StaticString) throws(PythonRaised) -> PythonObject {
    try .checked(PyImport_ImportModule(name.cString))
  }
}

extension UnsafeRawBufferPointer {
  fileprivate var characters: UnsafePointer<CChar>? {
    baseAddress?.assumingMemoryBound(to: CChar.self)
  }
}
