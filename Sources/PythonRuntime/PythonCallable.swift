import CPythonABI

/// A Swift object that Python can call.
///
/// Subclass it and override ``call(_:_:)``. Python keeps the object alive for as long as it keeps the function.
///
/// Swift has no subclassing across the modules of one package short of `open`: hence that, and `public` on the
/// types in the signature.
open class PythonCallable {
  public init() {}

  /// Called attached, on whichever thread Python calls from.
  open func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    python.none()
  }

  /// The same for an object behind several functions: `entry` is that of the function's ``PythonFunctionName``.
  open func call(
    entry: Int,
    _ arguments: PythonArguments,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    try call(arguments, python)
  }
}

/// The arguments of one call: borrowed, and valid only while it lasts.
public struct PythonArguments {
  fileprivate let base: UnsafePointer<OpaquePointer?>?
  /// How many positional arguments there are.
  package let count: Int
  fileprivate let keywords: OpaquePointer?

  package var keywordCount: Int { keywords.map { PyTuple_Size($0) } ?? 0 }

  /// The positional argument at `index`, or nil where the caller gave fewer.
  package subscript(index: Int) -> PythonReference? {
    guard index >= 0, index < count else { return nil }
    return base?[index].map { PythonReference(borrowing: $0) }
  }

  /// The keyword argument at `index`, with its name.
  package func keyword(_ index: Int, _ python: Attached) -> (name: String, value: PythonReference)? {
    guard index >= 0, index < keywordCount, let keywords,
      let name = PyTuple_GetItem(keywords, index).flatMap({ PythonReference(borrowing: $0).string(python) }),
      let value = base?[count + index]
    else { return nil }
    return (name, PythonReference(borrowing: value))
  }
}

/// A name under which functions can be made; make one per name and keep it.
package struct PythonFunctionName: @unchecked Sendable {
  // The definition is written once, here, and is never freed: CPython keeps pointers to it.
  fileprivate let definition: UnsafeMutablePointer<PyMethodDef>

  /// - Parameter entry: 0 to 3; which of its object's functions this is.
  package init(_ name: StaticString, entry: Int = 0) {
    definition = .allocate(capacity: 1)
    definition.initialize(to: PyMethodDef())
    let trampoline: martlet_fastcall =
      switch entry {
      case 1: { enter(1, $0, $1, $2, $3) }
      case 2: { enter(2, $0, $1, $2, $3) }
      case 3: { enter(3, $0, $1, $2, $3) }
      default: { enter(0, $0, $1, $2, $3) }
      }
    martlet_method_set(definition, name.cString, trampoline)
  }
}

/// A Swift object in Python's hands, from which functions can be made.
package struct PythonCallableHandle: ~Copyable {
  private let capsule: PythonObject

  package init(_ target: PythonCallable, _ python: Attached) throws(PythonRaised) {
    let retained = Unmanaged.passRetained(target)
    guard let capsule = PyCapsule_New(retained.toOpaque(), capsuleName.cString, releaseTrampoline) else {
      retained.release()
      throw PythonRaised()
    }
    self.capsule = PythonObject(stealing: capsule)
  }

  /// A builtin function that calls the object.
  package func function(
    _ name: PythonFunctionName,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    try Self.function(name, reference, python)
  }

  /// The same from the ``reference`` of a handle.
  package static func function(
    _ name: PythonFunctionName,
    _ handle: PythonReference,
    _ python: Attached
  ) throws(PythonRaised) -> PythonObject {
    try .checked(PyCFunction_NewEx(name.definition, handle.pointer, nil))
  }

  /// Valid while the handle lives, or a function that was made from it.
  package var reference: PythonReference { capsule.reference }
}

extension Attached {
  /// A builtin function that calls `target`.
  package func function(
    _ name: PythonFunctionName,
    _ target: PythonCallable
  ) throws(PythonRaised) -> PythonObject {
    try PythonCallableHandle(target, self).function(name, self)
  }
}

private let capsuleName: StaticString = "martlet.callable"

private func enter(
  _ entry: Int,
  _ capsule: OpaquePointer?,
  _ arguments: UnsafePointer<OpaquePointer?>?,
  _ count: Py_ssize_t,
  _ keywords: OpaquePointer?
) -> OpaquePointer? {
  guard let address = PyCapsule_GetPointer(capsule, capsuleName.cString) else { return nil }
  // The capsule has the object, and the function that is being called has the capsule.
  return Unmanaged<PythonCallable>.fromOpaque(address)._withUnsafeGuaranteedRef { target in
    do throws(PythonRaised) {
      let arguments = PythonArguments(base: arguments, count: count, keywords: keywords)
      return try target.call(entry: entry, arguments, Attached()).relinquish()
    } catch {
      return nil
    }
  }
}

private func releaseTrampoline(capsule: OpaquePointer?) {
  guard let address = PyCapsule_GetPointer(capsule, capsuleName.cString) else { return }
  Unmanaged<PythonCallable>.fromOpaque(address).release()
}
