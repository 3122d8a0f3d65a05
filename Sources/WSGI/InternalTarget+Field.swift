import HTTPCore
import HTTPServer
import PythonRuntime

extension InternalTarget {
  /// What a response field asks for, if it is one of the two that ask for a file, and well-formed.
  init?(field name: PythonReference, _ value: PythonReference, _ python: Attached) {
    let target = name.withLatin1(python) { name -> InternalTarget? in
      let range = 0..<name.count
      if name.bytes.equalsIgnoringCase(range, "x-accel-redirect") {
        return value.withLatin1(python) { Self.checked(name, $0) }?.flatMap { $0 }.map { .path($0) }
      }
      guard name.bytes.equalsIgnoringCase(range, "x-sendfile") else { return nil }
      return Self.names(of: value, python) { Self.checked(name, $0) }.map { .file($0) }
    }
    guard let target, let target else { return nil }
    self = target
  }

  /// The bytes of a file's name that a text may stand for.
  ///
  /// By PEP 3333 each character is one of them, and that comes first. Frameworks put the name into the field as it is
  /// (`"/srv/caf\u{e9}.pdf"`): then they are what `open()` would make of it.
  private static func names(
    of value: PythonReference,
    _ python: Attached,
    check: (UnsafeRawBufferPointer) -> [UInt8]?
  ) -> [[UInt8]]? {
    let native = value.withLatin1(python, check)
    // It has a character that no field may have.
    if case .some(.none) = native { return nil }
    if let native, let native, native.allSatisfy({ $0 < 0x80 }) { return [native] }
    let own = value.withFileSystemBytes(python, check)
    let names = [native ?? nil, own ?? nil].compactMap { $0 }
    return names.isEmpty ? nil : names
  }

  private static func checked(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> [UInt8]? {
    (try? HeaderBlock.check(name: name.bytes, value: value.bytes)).map { Array(value) }
  }
}
