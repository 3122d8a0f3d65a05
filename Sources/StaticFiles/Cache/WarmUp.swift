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

  /// What came of it.
  struct Outcome: Equatable {
    /// Files that were there to be asked for.
    var found = 0
    /// Those of them that are in memory now.
    var kept = 0

    mutating func note(isKept: Bool) {
      found += 1
      kept += isKept ? 1 : 0
    }
  }

  /// Waits for the disk: for a thread that may. It ends early when the memory is full.
  func run() -> Outcome {
    var outcome = Outcome()
    if let file = mount.file {
      outcome.note(isKept: load(file, as: mount.prefix.bytes))
    } else {
      visit(RelativePath(configured: ""), depth: 0, &outcome)
    }
    return outcome
  }

  private func visit(_ directory: RelativePath, depth: Int, _ outcome: inout Outcome) {
    guard depth < Self.greatestDepth,
      let contents = mount.root.contents(of: directory, showsHidden: mount.policy.dotfiles == .allow)
    else { return }
    for entry in contents.entries where !isFull {
      let path = directory.appending(entry.name)
      if entry.isDirectory {
        // A link could lead back to where it is.
        guard !entry.isLink else { continue }
        visit(path, depth: depth + 1, &outcome)
      } else {
        outcome.note(isKept: entry.size <= Int64(memory.cache.fileLimit) && load(path, in: directory))
      }
    }
  }

  /// What comes later would push out what came before.
  private var isFull: Bool { memory.cache.contents.bytes > memory.cache.limit / 10 * 9 }

  private func load(_ path: RelativePath, in directory: RelativePath) -> Bool {
    let prefix = mount.prefix.bytes + [ASCII.slash]
    guard load(path, as: prefix + path.bytes) else { return false }
    // The first of the names that stand for a directory answers for it, too.
    if mount.policy.tries.isEmpty, let index = mount.policy.index.first,
      path.lastSegment.elementsEqual(index.utf8)
    {
      _ = load(path, as: prefix + (directory.bytes.isEmpty ? [] : directory.bytes + [ASCII.slash]))
    }
    return true
  }

  /// - Parameter key: the path of requests for it, as they spell it, without escapes.
  private func load(_ path: RelativePath, as key: [UInt8]) -> Bool {
    guard key.allSatisfy({ ByteClass.path.contains($0) }), let request = try? RequestPath(key.span.bytes),
      request.bytes == key, route(request) === mount,
      case .file(let file, let metadata) = mount.root.open(path).found()
    else { return false }
    var chosen = FormChoice.Chosen(representation: Representation(file, metadata))
    // Those that are there are found out.
    chosen.absent = mount.policy.codings.precompressed
    let kept = memory.keep(chosen, of: file, metadata, at: path, in: mount, for: key, mayWait: true, writer)
    if case .bytes = kept.content { return true }
    return false
  }
}

extension StaticFileHandler {
  /// Fills the memory with the files of the routes that are to be warm. It waits for the disk.
  package func warmUp(_ writer: ResponseHeadWriter, _ logger: Logger) {
    guard let memory else { return }
    for mount in mounts where mount.policy.isWarm {
      let outcome = WarmUp(mount: mount, memory: memory, writer: writer, route: route).run()
      let rest =
        outcome.kept == outcome.found
        ? ""
        : "; what has no room (--static-cache, --static-cache-file), changed in the last seconds, or has a name with "
          + "escapes is loaded when it is asked for"
      logger.info(
        "\(outcome.kept) of \(outcome.found) files of \(mount.prefix.description) are in memory\(rest)"
      )
    }
  }
}
