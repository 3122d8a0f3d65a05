/// Stops the fuzzer with this input if what always holds does not.
package func require(
  _ condition: Bool,
  _ invariant: @autoclosure () -> String,
  file: StaticString = #fileID,
  line: UInt = #line
) {
  guard condition else { fatalError("broken invariant: \(invariant())", file: file, line: line) }
}

/// The same for two values that must be one.
package func requireEqual<Value: Equatable>(
  _ left: Value,
  _ right: Value,
  _ invariant: @autoclosure () -> String,
  file: StaticString = #fileID,
  line: UInt = #line
) {
  require(left == right, "\(invariant()): \(left) is not \(right)", file: file, line: line)
}
