import HTTPCore
import HTTPServer
import Logging

/// Reads the files of a route into memory before anybody has asked for them.
struct WarmUp {
  let mount: StaticMount
  let memory: StaticMemory
  let writer: ResponseHeadWriter
  /// Which route answers for a path.
  let route: (RequestPath) -> StaticMount?

  /// Of directories within directories: a tree that is deeper is none that anybody made on purpose.
  private static let greatestDepth = 64

  /// Waits for the disk: for a thread that may.
  ///
  /// - Returns: how many files it found that may be kept. It ends early when the memory is full.
  func run() -> Int { visit(RelativePath(configured: ""), depth: 0) }

  private func visit(_ directory: RelativePath, depth: Int) -> Int {
    guard depth < Self.greatestDepth,
      let contents = mount.root.contents(of: directory, showsHidden: mount.policy.dotfiles == .allow)
    else { return 0 }
    var count = 0
    for entry in contents.entries where !isFull {
      let path = directory.appending(entry.name)
      if entry.isDirectory {
        // A link could lead back to where it is.
        guard !entry.isLink else { continue }
        count += visit(path, depth: depth + 1)
      } else if entry.size <= Int64(memory.cache.fileLimit) {
        count += load(path, in: directory) ? 1 : 0
      }
    }
    return count
  }

  /// What comes later would push out what came before.
  private var isFull: Bool { memory.cache.contents.bytes > memory.cache.limit / 10 * 9 }

  private func load(_ path: RelativePath, in directory: RelativePath) -> Bool {
    guard case .file(let file, let metadata) = mount.root.open(path).found() else { return false }
    var isKept = keep(file, metadata, path, as: mount.prefix.bytes + [ASCII.slash] + path.bytes)
    // The first of the names that stand for a directory answers for it, too.
    if mount.policy.tries.isEmpty, let index = mount.policy.index.first,
      path.lastSegment.elementsEqual(index.utf8)
    {
      let beneath = directory.bytes.isEmpty ? [] : directory.bytes + [ASCII.slash]
      isKept = keep(file, metadata, path, as: mount.prefix.bytes + [ASCII.slash] + beneath) || isKept
    }
    return isKept
  }

  private func keep(_ file: OpenFile, _ metadata: FileMetadata, _ path: RelativePath, as key: [UInt8]) -> Bool
  {
    // As requests spell it, without escapes.
    guard key.allSatisfy({ ByteClass.path.contains($0) }), let request = try? RequestPath(key.span.bytes),
      request.bytes == key, route(request) === mount
    else { return false }
    let chosen = FormChoice.Chosen(representation: Representation(file, metadata))
    let kept = memory.keep(chosen, of: file, metadata, at: path, in: mount, for: key, mayWait: true, writer)
    if case .bytes = kept.content { return true }
    return false
  }
}

extension StaticFileHandler {
  /// Fills the memory with the files of the routes that are to be warm. It waits for the disk.
  package func warmUp(_ writer: ResponseHeadWriter, _ logger: Logger) {
    guard let memory else { return }
    for mount in mounts where mount.policy.isWarm && mount.file == nil {
      let count = WarmUp(mount: mount, memory: memory, writer: writer, route: route).run()
      logger.info("\(count) files of \(mount.prefix.description) are in memory")
    }
  }
}
