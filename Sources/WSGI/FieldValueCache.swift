import Glibc
import HTTPCore
import PythonRuntime

/// The last value of each field that clients repeat, as Python's string: most requests say what the one before them said.
///
/// One for each Python thread. It keeps at most ``longest`` bytes for each such field, and nothing that is a secret or
/// differs from request to request.
struct FieldValueCache {
  private struct Entry {
    let bytes: [UInt8]
    let owner: SharedPythonObject
    let value: PythonReference
  }

  /// By `KnownField.rawValue`.
  private var entries = [Entry?](repeating: nil, count: KnownField.allCases.count)

  static let longest = 256

  /// Whether its values are worth keeping.
  private static let isKept: [Bool] = KnownField.allCases.map { field in
    switch field {
    case .host, .connection, .accept, .acceptCharset, .acceptEncoding, .acceptLanguage, .userAgent,
      .cacheControl, .pragma, .contentType, .origin, .dnt, .saveData, .upgradeInsecureRequests, .priority,
      .te, .secFetchMode, .secFetchSite, .secFetchDest, .secFetchUser, .secCHUA, .secCHUAMobile,
      .secCHUAPlatform, .xRequestedWith, .xForwardedProto, .xForwardedHost, .xForwardedPort, .via:
      true
    default: false
    }
  }

  /// The native string of these bytes, valid until the next call for this field; nil for what is not kept.
  mutating func string(
    _ bytes: UnsafeRawBufferPointer,
    for field: KnownField,
    _ python: Attached
  ) throws(PythonRaised) -> PythonReference? {
    let index = Int(field.rawValue)
    guard bytes.count <= Self.longest, Self.isKept[index] else { return nil }
    if let value = known(bytes, at: index) { return value }
    let owner = SharedPythonObject(try python.latin1(bytes))
    entries[index] = Entry(bytes: Array(bytes), owner: owner, value: owner.reference)
    return owner.reference
  }

  private func known(_ bytes: UnsafeRawBufferPointer, at index: Int) -> PythonReference? {
    guard entries[index]?.bytes.count == bytes.count else { return nil }
    let isEqual = entries[index]?.bytes.withUnsafeBytes { known in
      // Neither has an address where it is empty.
      guard let left = known.baseAddress, let right = bytes.baseAddress else { return true }
      return memcmp(left, right, bytes.count) == 0
    }
    return isEqual == true ? entries[index]?.value : nil
  }
}
