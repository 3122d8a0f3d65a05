/// A strong reference in a place that holds copies: a cache's entry, a stored property of a class.
///
/// The last copy has to go on an attached thread.
package final class SharedPythonObject {
  private let object: PythonObject

  package init(_ object: consuming PythonObject) {
    self.object = object
  }

  /// Valid while this lives.
  package var reference: PythonReference { object.reference }
}
