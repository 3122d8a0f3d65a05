import ContentCoding
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
    var sidecar: FileSource?
    if let (path, file) = chosen.sidecar {
      guard let settled = Self.settled(path, file, form.metadata, now) else { return form }
      sidecar = settled
    }
    let absent = mount.absentNeighbours(chosen.absent, of: path, now)
    let kept = cache.find(key.span.bytes)
    let base =
      if let kept, kept.source.stamp == source.stamp { kept } else {
        CachedFile(key: key, mount: mount, source: source)
      }
    // It is here, and only what is not could not be told when it was kept.
    if let same = base.form(in: form.coding), same.sidecar?.stamp == sidecar?.stamp {
      if !chosen.useless.isSubset(of: base.uselessCodings) || absent != nil {
        cache.insert(base.adding(useless: chosen.useless, absent: absent))
      }
      return Representation(same.response.content, of: form.metadata, coding: form.coding)
    }
    guard cache.hasRoom(for: base.cost + Int(clamping: form.size)),
      let loaded = form.loaded(limit: Int64(cache.fileLimit), mayWait: mayWait),
      case .bytes(let content) = loaded.content,
      // Read between two looks that are the same: it is one version of the file.
      FileStamp(ofFile: file.descriptor) == source.stamp,
      chosen.sidecar.map({ FileStamp(ofFile: $0.file.descriptor) == sidecar?.stamp }) ?? true
    else { return form }

    let description = FileDescription(mount: mount, path: path, representation: loaded)
    let validators = description.validators(now)
    let fields = description.head(.ok, validators, now).fields
    let new = CachedForm(
      coding: loaded.coding,
      response: PreparedResponse(fields, content, writer),
      sidecar: sidecar,
      heads: CachedForm.Heads(
        content: fields,
        notModified: description.commonFields(validators, now),
        tag: validators.entityTag?.fieldValue ?? []
      )
    )
    let whole = base.adding(new, useless: chosen.useless, absent: absent)
    // What is kept of it already is good still, where one form more would be too much.
    if cache.hasRoom(for: whole.cost) { cache.insert(whole) }
    return loaded
  }

  /// Nil where a change of the file might not show.
  private static func settled(
    _ path: RelativePath,
    _ file: OpenFile,
    _ metadata: FileMetadata,
    _ now: Int64
  ) -> FileSource? {
    guard let stamp = FileStamp(ofFile: file.descriptor), stamp.isSettled(at: now), stamp.metadata == metadata
    else { return nil }
    return FileSource(path: path, stamp: stamp)
  }
}

extension StaticMount {
  /// Whether what a file is answered with stays the same for as long as the file does.
  func isKeepable(_ path: RelativePath) -> Bool {
    // Without links, or with some only, it matters which way leads to a file, and that is not looked at again.
    root.symlinks == .beneath && policy.isConstant(for: path)
  }

  /// Those of a file's neighbours that can't come without their directory's changing: there is no such name in it. Of a
  /// link that leads nowhere, say, the directory tells nothing.
  ///
  /// - Returns: nil for none, and where a change of the directory might not show.
  fileprivate func absentNeighbours(_ codings: CodingSet, of path: RelativePath, _ now: Int64)
    -> AbsentNeighbours?
  {
    guard !codings.isEmpty, let directory = FileSource(directory: path.parent, beneath: root),
      directory.stamp.isSettled(at: now)
    else { return nil }
    // After the look at the directory: what comes from now on changes it.
    let absent = Coding.allCases.filter {
      codings.contains($0) && !root.hasName(path.neighbour(in: $0))
    }
    return absent.isEmpty ? nil : AbsentNeighbours(codings: CodingSet(absent), directory: directory)
  }
}
