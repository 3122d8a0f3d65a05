import Glibc
import HTTPCore
import HTTPServer

/// Keeping what a request was answered with for the next one.
extension StaticMemory {
  /// Reads a form of a file into memory and keeps the response that is made of it, where both are worth it.
  ///
  /// - Parameters:
  ///   - key: the path of requests for it.
  ///   - file: the file that is at `path`, described by `metadata`; open.
  ///   - mayWait: whether the disk may be waited for.
  ///   - writer: of the server that will send it.
  /// - Returns: the form to answer with: that from memory, or the one that was given.
  func keep(
    _ chosen: FormChoice.Chosen,
    of file: OpenFile,
    _ metadata: FileMetadata,
    at path: RelativePath,
    in mount: StaticMount,
    for key: [UInt8],
    mayWait: Bool = false,
    _ writer: ResponseHeadWriter
  ) -> Representation {
    let form = chosen.representation
    let now = Int64(time(nil))
    guard mount.isKeepable(path), let source = Self.settled(path, file, metadata, now) else { return form }
    var sidecar: CachedFile.Source?
    if let (path, file) = chosen.sidecar {
      guard let settled = Self.settled(path, file, form.metadata, now) else { return form }
      sidecar = settled
    }
    guard let loaded = form.loaded(limit: Int64(cache.fileLimit), mayWait: mayWait),
      case .bytes(let content) = loaded.content,
      // Read between two looks that are the same: it is one version of the file.
      FileStamp(ofFile: file.descriptor) == source.stamp,
      chosen.sidecar.map({ FileStamp(ofFile: $0.file.descriptor) == sidecar?.stamp }) ?? true
    else { return form }

    let description = FileDescription(mount: mount, path: path, representation: loaded)
    let fields = description.head(.ok, description.validators(now), now).fields
    let variant = CachedFile.Variant(
      coding: loaded.coding,
      response: PreparedResponse(fields, content, writer),
      sidecar: sidecar
    )
    let kept = key.withUnsafeBytes { cache.find($0) }
    let base =
      kept?.source.stamp == source.stamp ? kept : CachedFile(key: key, mount: mount, source: source)
    if let base { cache.insert(base.adding(variant, useless: chosen.useless)) }
    return loaded
  }

  /// Nil where a change of the file might not show.
  private static func settled(
    _ path: RelativePath,
    _ file: OpenFile,
    _ metadata: FileMetadata,
    _ now: Int64
  ) -> CachedFile.Source? {
    guard let stamp = FileStamp(ofFile: file.descriptor), stamp.isSettled(at: now), stamp.metadata == metadata
    else { return nil }
    return CachedFile.Source(path: path, stamp: stamp)
  }
}

extension StaticMount {
  /// Whether what a file is answered with stays the same for as long as the file does.
  func isKeepable(_ path: RelativePath) -> Bool {
    // Without links, or with some only, it matters which way leads to a file, and that is not looked at again.
    root.symlinks == .beneath && policy.isConstant(for: path)
  }
}
