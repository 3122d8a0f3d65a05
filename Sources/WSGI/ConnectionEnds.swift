import PythonRuntime

/// The addresses and the port that the last request came with, as Python's strings: the next one's are the same, as a rule.
struct ConnectionEnds {
  var remote = LastText<String>()
  var local = LastText<String>()
  var localPort = LastText<Int>()
}

/// The text of the value that was asked for last.
struct LastText<Value: Equatable & CustomStringConvertible> {
  private var value: Value?
  private var owner: SharedPythonObject?
  /// The owner's: a value that is asked for again takes no reference to the owner.
  private var reference: PythonReference?

  /// `str(value)`, valid until the next call.
  mutating func text(_ value: Value, _ python: Attached) throws(PythonRaised) -> PythonReference {
    if let reference, value == self.value { return reference }
    let owner = SharedPythonObject(try python.string(value.description))
    self.value = value
    self.owner = owner
    reference = owner.reference
    return owner.reference
  }
}
