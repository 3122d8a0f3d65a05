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

  /// Nothing is made any more. What is kept stays.
  func close() { compressor.stop() }
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
  func form(of source: FileSource, in mount: StaticMount, _ coding: Coding) -> Form {
    let key = Self.key(source.path, mount)
    guard let kept = cache.find(key.span.bytes), kept.source.stamp == source.stamp else {
      return .missing
    }
    if let form = kept.form(in: coding) { return .made(form.response.content) }
    return kept.uselessCodings.contains(coding) ? .useless : .missing
  }

  /// Whether a coded form of so many bytes may be one that can be kept: text seldom becomes less than a twentieth, and to
  /// find out takes seconds.
  func hasRoom(forCodedFormOf size: Int64) -> Bool { cache.hasRoom(for: Int(clamping: size / 20)) }

  /// Has a coded form made, in the background.
  func make(_ coding: Coding, of file: OpenFile, _ source: FileSource, in mount: StaticMount) {
    compressor.code(file, source.stamp, as: coding) { [self] outcome in
      let key = Self.key(source.path, mount)
      let kept = cache.find(key.span.bytes)
      let entry = kept?.source.stamp == source.stamp ? kept : nil
      let base = entry ?? CachedFile(key: key, mount: mount, source: source)
      switch outcome {
      case .coded(let content):
        let whole = base.adding(CachedForm(coding: coding, response: PreparedResponse(content)))
        // What there is no room for would be made again and again.
        cache.insert(cache.hasRoom(for: whole.cost) ? whole : base.adding(useless: CodingSet(coding)))
      case .useless: cache.insert(base.adding(useless: CodingSet(coding)))
      case .failed: break
      }
    }
  }

  /// No path of a request begins with a zero: these are out of their way.
  private static func key(_ path: RelativePath, _ mount: StaticMount) -> [UInt8] {
    [0] + withUnsafeBytes(of: ObjectIdentifier(mount)) { Array($0) } + path.bytes
  }
}
