import Glibc
import HTTPCore
import PythonRuntime

/// The last value of each field that clients repeat, as Python's string: most requests say what the one before them said.
///
/// One for each Python thread. It keeps at most ``longest`` bytes for each such field, and nothing that is a secret or
/// differs from request to request.
struct FieldValueCache: ~Copyable {
  /// One place for each field. What is compared is copied into memory of the place's own: looking a value up takes no
  /// reference to anything.
  private struct Place {
    var bytes: UnsafeMutableRawBufferPointer?
    var count = 0
    var value: PythonReference?
    var owner: SharedPythonObject?
  }

  /// By `KnownField.rawValue`.
  private let places: UnsafeMutableBufferPointer<Place>

  init() {
    places = .allocate(capacity: KnownField.allCases.count)
    places.initialize(repeating: Place())
  }

  /// On an attached thread, as all that releases Python's objects.
  deinit {
    for place in places { place.bytes?.deallocate() }
    places.deinitialize()
    places.deallocate()
  }

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
    let copy = places[index].bytes ?? .allocate(byteCount: Self.longest, alignment: 1)
    copy.copyMemory(from: bytes)
    places[index] = Place(bytes: copy, count: bytes.count, value: owner.reference, owner: owner)
    return owner.reference
  }

  private func known(_ bytes: UnsafeRawBufferPointer, at index: Int) -> PythonReference? {
    guard places[index].count == bytes.count, let value = places[index].value,
      let known = places[index].bytes?.baseAddress
    else { return nil }
    // Neither has an address where it is empty.
    guard let base = bytes.baseAddress else { return value }
    return memcmp(known, base, bytes.count) == 0 ? value : nil
  }
}
