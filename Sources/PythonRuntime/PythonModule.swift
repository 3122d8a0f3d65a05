import CPythonABI

/// Making the extension module through which Python and Martlet meet.
package enum PythonModule {
  /// Creates the module `name` with these functions: for use in its `PyInit_` function, which CPython calls
  /// attached.
  ///
  /// - Returns: the module as CPython expects it from a `PyInit_` function, or nil with an exception set.
  package static func create(
    _ name: StaticString,
    functions: [(name: StaticString, target: PythonCallable)]
  ) -> UnsafeMutableRawPointer? {
    try? build(name, functions, Attached()).map { UnsafeMutableRawPointer($0) }
  }

  private static func build(
    _ name: StaticString,
    _ functions: [(name: StaticString, target: PythonCallable)],
    _ python: Attached
  ) throws(PythonRaised) -> OpaquePointer? {
    let module = try PythonObject.checked(try makeEmpty(name, python))
    for function in functions {
      let value = try python.function(PythonFunctionName(function.name), function.target)
      try module.reference.setAttribute(function.name, value.reference, python)
    }
    // On a free-threaded build: we don't need the GIL that it would otherwise switch back on.
    if martlet_has_PyUnstable_Module_SetGIL() != 0 {
      let notUsed = UnsafeMutableRawPointer(bitPattern: 1)
      if PyUnstable_Module_SetGIL(module.pointer, notUsed) != 0 { throw PythonRaised() }
    }
    return module.relinquish()
  }

  private static func makeEmpty(_ name: StaticString, _ python: Attached) throws(PythonRaised)
    -> OpaquePointer?
  {
    let base = PythonReference(borrowing: OpaquePointer(martlet_PyBaseObject_Type()))
    let size = try base.attribute("__basicsize__", python)
    guard let header = size.reference.integer(python), header > 0, header < 1024 else {
      throw python.raise(.runtimeError, "object.__basicsize__ is not what a CPython has")
    }
    let methods = UnsafeMutablePointer<PyMethodDef>.allocate(capacity: 1)
    methods.initialize(to: PyMethodDef())
    guard let definition = martlet_module_definition(Int(header), name.cString, methods) else {
      throw python.raise(.runtimeError, "out of memory")
    }
    return PyModule_Create2(definition, Int32(MARTLET_PYTHON_API_VERSION))
  }
}
