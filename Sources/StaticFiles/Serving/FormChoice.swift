import ContentCoding
import Glibc
import HTTPCore
import HTTPServer
import NIOCore

/// Chooses the form in which a file goes out, of those that its client accepts: a neighbour that holds it in a coding, a
/// form that was made here, or the file as it is.
struct FormChoice: Sendable {
  let exchange: Exchange
  let mount: StaticMount
  let memory: StaticMemory?
  let file: OpenFile
  let metadata: FileMetadata
  let path: RelativePath

  /// A form, and the neighbour that it came from.
  struct Chosen: Sendable {
    var representation: Representation
    var sidecar: (path: RelativePath, file: OpenFile)?
    /// Codings that the client likes better, and in which nothing is made of the file as long as it is what it is.
    var useless: CodingSet = []
    /// Codings that the client likes better, and for which no neighbour was found.
    var absent: CodingSet = []
  }

  typealias Opener =
    @Sendable (RelativePath, @escaping @Sendable (StaticLookup.Found) -> Void) -> Void

  /// - Parameters:
  ///   - open: opens a path beneath the root, on the loop or elsewhere.
  ///   - receiver: is called on the loop.
  func choose(
    open: @escaping Opener,
    then receiver: @escaping @Sendable (Chosen) -> Void
  ) {
    let plain = Chosen(representation: Representation(file, metadata))
    next(Array(mount.policy.codings.ranked(for: exchange))[...], plain, open, receiver)
  }

  /// - Parameter chosen: the file as it is, and what has been found out so far.
  private func next(
    _ codings: ArraySlice<Coding>,
    _ chosen: Chosen,
    _ open: @escaping Opener,
    _ receiver: @escaping @Sendable (Chosen) -> Void
  ) {
    guard let coding = codings.first else { return receiver(chosen) }
    guard mount.policy.codings.precompressed.contains(coding) else {
      return nextMade(codings, chosen, open, receiver)
    }
    let neighbour = path.neighbour(in: coding)
    open(neighbour) { found in
      var chosen = chosen
      if case .file(let sidecar, let itsMetadata) = found, !isOlder(itsMetadata) {
        chosen.representation = Representation(sidecar, itsMetadata, coding: coding)
        chosen.sidecar = (neighbour, sidecar)
        return receiver(chosen)
      }
      if case .nothing = found { chosen.absent.formUnion(CodingSet(coding)) }
      nextMade(codings, chosen, open, receiver)
    }
  }

  /// What there is in the first of these codings without a neighbour, or else in the next ones.
  private func nextMade(
    _ codings: ArraySlice<Coding>,
    _ chosen: Chosen,
    _ open: @escaping Opener,
    _ receiver: @escaping @Sendable (Chosen) -> Void
  ) {
    guard let coding = codings.first else { return receiver(chosen) }
    var chosen = chosen
    switch made(coding) {
    case .made(let content):
      chosen.representation = Representation(content, of: metadata, coding: coding)
      return receiver(chosen)
    case .useless: chosen.useless.formUnion(CodingSet(coding))
    case .missing: break
    }
    next(codings.dropFirst(), chosen, open, receiver)
  }

  /// A neighbour that is older than its file was made of another version of it. Whole seconds count: many tools copy a
  /// time without its fraction.
  private func isOlder(_ neighbour: FileMetadata) -> Bool { neighbour.modified < metadata.modified }

  /// A form that was made here, if there is one. If there is none, it is made for the next request.
  private func made(_ coding: Coding) -> StaticMemory.Form {
    let type = mount.policy.mediaType(of: path)
    guard let memory, mount.policy.codings.made.contains(coding),
      mount.policy.codings.makes(type, size: metadata.size), memory.hasRoom(forCodedFormOf: metadata.size)
    else { return .useless }
    guard let stamp = FileStamp(ofFile: file.descriptor), stamp.isSettled(at: Int64(time(nil))),
      stamp.metadata == metadata
    else { return .missing }
    let source = FileSource(path: path, stamp: stamp)
    let form = memory.form(of: source, in: mount, coding)
    if case .missing = form { memory.make(coding, of: file, source, in: mount) }
    return form
  }
}
