import ContentCoding
import HTTPServer
import NIOCore

/// What the static routes of a process keep in memory, and what fills it.
package final class StaticMemory: Sendable {
  let cache: FileCache
  let compressor = BackgroundCompressor()

  package init(_ cache: FileCache) {
    self.cache = cache
  }
}

// MARK: - Forms that are made here

extension StaticMemory {
  enum Form: Sendable {
    case made(ByteBuffer)
    case useless
    /// Nobody has made it yet.
    case missing
  }

  /// The coded form of a file, as far as it is known.
  ///
  /// It is kept by the file and not by the path of a request, since one file may answer many: an index, a page in the
  /// place of others.
  func form(of source: CachedFile.Source, in mount: StaticMount, _ coding: Coding) -> Form {
    let key = Self.key(source.path, mount)
    guard let kept = key.withUnsafeBytes({ cache.find($0) }), kept.source.stamp == source.stamp else {
      return .missing
    }
    if let variant = kept.variants.first(where: { $0.coding == coding }) {
      return .made(variant.response.content)
    }
    return kept.uselessCodings.contains(coding) ? .useless : .missing
  }

  /// Has a coded form made, in the background.
  func make(_ coding: Coding, of file: OpenFile, _ source: CachedFile.Source, in mount: StaticMount) {
    compressor.code(file, source.stamp, as: coding) { [self] outcome in
      let key = Self.key(source.path, mount)
      let kept = key.withUnsafeBytes { cache.find($0) }
      let entry = kept?.source.stamp == source.stamp ? kept : nil
      let base = entry ?? CachedFile(key: key, mount: mount, source: source)
      switch outcome {
      case .coded(let content):
        let whole = base.adding(CachedFile.Variant(coding: coding, response: PreparedResponse(content)))
        // What there is no room for would be made again and again.
        cache.insert(whole.cost <= cache.limit ? whole : base.adding(useless: [coding]))
      case .useless: cache.insert(base.adding(useless: [coding]))
      case .failed: break
      }
    }
  }

  /// No path of a request begins with a zero: these are out of their way.
  private static func key(_ path: RelativePath, _ mount: StaticMount) -> [UInt8] {
    [0] + withUnsafeBytes(of: ObjectIdentifier(mount)) { Array($0) } + path.bytes
  }
}
