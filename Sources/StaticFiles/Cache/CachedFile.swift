import ContentCoding
import Glibc
import HTTPCore
import HTTPServer

/// What is kept of one file: the responses that requests for it are answered with, ready to go out.
///
/// It does not change: when there is more to keep, another one takes its place.
final class CachedFile: Sendable {
  /// One form of the content.
  struct Variant: Sendable {
    /// Nil for the file as it is.
    let coding: Coding?
    let response: PreparedResponse
    /// The file beside it that has this form, if it was not made here.
    var sidecar: Source?
  }

  /// A file beneath a root, and what it was when its content was read.
  struct Source: Sendable {
    let path: RelativePath
    let stamp: FileStamp
    /// The path as the kernel takes it, so that nothing has to be made of it each time.
    private let terminated: [CChar]

    init(path: RelativePath, stamp: FileStamp) {
      self.path = path
      self.stamp = stamp
      terminated = path.bytes.map(CChar.init(bitPattern:)) + [0]
    }

    /// Whether the path leads to that file, unchanged, now. One call of the kernel's.
    ///
    /// The call follows links to wherever they lead. But what has the stamp of the file that was opened beneath the root
    /// is that file, whichever way led to it.
    func isCurrent(beneath root: FileRoot) -> Bool {
      terminated.withUnsafeBufferPointer { path in
        path.baseAddress.flatMap { root.stamp(of: $0) } == stamp
      }
    }
  }

  /// The path as it stands in requests.
  let key: [UInt8]
  let mount: StaticMount
  let source: Source
  let variants: [Variant]
  /// Codings in which it does not come, whatever a client likes: it is of no such type, or would not become smaller.
  let uselessCodings: Set<Coding>

  init(
    key: [UInt8],
    mount: StaticMount,
    source: Source,
    variants: [Variant] = [],
    uselessCodings: Set<Coding> = []
  ) {
    self.key = key
    self.mount = mount
    self.source = source
    self.variants = variants
    self.uselessCodings = uselessCodings
  }

  /// What it takes in memory, about: a file of no bytes has its price too.
  var cost: Int {
    variants.reduce(1024 + key.count + 2 * source.path.bytes.count) { $0 + $1.response.byteCount + 256 }
  }

  func isNamed(_ path: UnsafeRawBufferPointer) -> Bool {
    key.withUnsafeBytes { key in
      guard key.count == path.count, let first = key.baseAddress, let second = path.baseAddress else {
        return false
      }
      return memcmp(first, second, key.count) == 0
    }
  }

  /// The same with one more form, in the place of another in its coding, and with more codings that are of no use.
  func adding(_ variant: Variant? = nil, useless: Set<Coding> = []) -> CachedFile {
    CachedFile(
      key: key,
      mount: mount,
      source: source,
      variants: variants.filter { variant == nil || $0.coding != variant?.coding }
        + (variant.map { [$0] } ?? []),
      uselessCodings: uselessCodings.union(useless)
    )
  }

  /// The form for a client that likes these codings, best first; nil where it is not here.
  func variant(for codings: [Coding]) -> Variant? {
    for coding in codings {
      if let variant = variants.first(where: { $0.coding == coding }) { return variant }
      // Whether there is a file with it, or one can be made, is yet to be seen.
      guard uselessCodings.contains(coding) else { return nil }
    }
    return variants.first { $0.coding == nil }
  }
}
