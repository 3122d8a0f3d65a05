import CPythonABI

/// A strong reference to a Python object, given back exactly once, when the value ends.
///
/// It has to end on an attached thread: keep one only where that is certain.
public struct PythonObject: ~Copyable {
  @usableFromInline let pointer: OpaquePointer

  /// Takes over a reference that the caller owns.
  @inlinable
  init(stealing pointer: OpaquePointer) {
    self.pointer = pointer
  }

  /// Adds a reference of its own.
  package init(retaining reference: PythonReference) {
    Py_IncRef(reference.pointer)
    self.pointer = reference.pointer
  }

  deinit {
    Py_DecRef(pointer)
  }

  /// The same object without ownership: valid while this value lives.
  @inlinable
  package var reference: PythonReference { PythonReference(borrowing: pointer) }

  /// Gives the reference up without releasing it: for objects that live as long as the process.
  package consuming func immortal() -> PythonReference {
    PythonReference(borrowing: relinquish())
  }

  /// Hands the reference to C code that steals it.
  consuming func relinquish() -> OpaquePointer {
    let pointer = self.pointer
    discard self
    return pointer
  }
}

/// A Python object that somebody else keeps alive: an argument, an item of a container, a constant.
@usableFromInline
package struct PythonReference {
  @usableFromInline let pointer: OpaquePointer

  @inlinable
  init(borrowing pointer: OpaquePointer) {
    self.pointer = pointer
  }

  package static var none: PythonReference {
    PythonReference(borrowing: OpaquePointer(martlet__Py_NoneStruct()))
  }

  package var isNone: Bool { self == .none }
}

// A reference may go from thread to thread. All that can be done with one, releasing included, is done on an
// attached thread, and CPython keeps those from each other's way.
extension PythonObject: @unchecked Sendable {}
extension PythonReference: @unchecked Sendable {}

extension PythonReference: Equatable {
  /// Identity, as `is` in Python.
  @inlinable
  package static func == (left: PythonReference, right: PythonReference) -> Bool {
    left.pointer == right.pointer
  }
}

extension PythonObject {
  /// The result of a C call that returns a new reference, or NULL with an exception set.
  @inlinable
  static func checked(_ pointer: OpaquePointer?) throws(PythonRaised) -> PythonObject {
    guard let pointer else { throw PythonRaised() }
    return PythonObject(stealing: pointer)
  }
}
