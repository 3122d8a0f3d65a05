import ContentCoding
import Glibc
import HTTPCore
import HTTPServer

/// What is kept of one file: the responses that requests for it are answered with, ready to go out.
///
/// It does not change: when there is more to keep, another one takes its place.
final class CachedFile: Sendable {
  /// The path as it stands in requests.
  let key: [UInt8]
  let mount: StaticMount
  let source: FileSource
  let forms: [CachedForm]
  /// The one without a coding.
  private let plain: CachedForm?
  private let isOfferedCoded: Bool
  /// Codings in which nothing is made of it, whatever a client likes: it is of no such type, or would not become smaller.
  let uselessCodings: CodingSet
  let absent: AbsentNeighbours?

  init(
    key: [UInt8],
    mount: StaticMount,
    source: FileSource,
    forms: [CachedForm] = [],
    uselessCodings: CodingSet = [],
    absent: AbsentNeighbours? = nil
  ) {
    self.key = key
    self.mount = mount
    self.source = source
    self.forms = forms
    plain = forms.first { $0.coding == nil }
    isOfferedCoded = mount.policy.codings.offersAny
    self.uselessCodings = uselessCodings
    self.absent = absent
  }

  /// What it takes in memory, about: a file of no bytes has its price too.
  var cost: Int {
    forms.reduce(1024 + key.count + 4 * source.path.bytes.count) { $0 + $1.cost }
  }

  func isNamed(_ path: UnsafeRawBufferPointer) -> Bool {
    key.withUnsafeBytes { key in
      guard key.count == path.count, let first = key.baseAddress, let second = path.baseAddress else {
        return false
      }
      return memcmp(first, second, key.count) == 0
    }
  }

  /// The form in one coding, or without one.
  func form(in coding: Coding?) -> CachedForm? {
    for form in forms where form.coding == coding { return form }
    return nil
  }

  /// The same with more of what is known: a form in the place of another in its coding, codings that are of no use, and
  /// neighbours that are not there.
  func adding(
    _ form: CachedForm? = nil,
    useless: CodingSet = [],
    absent: AbsentNeighbours? = nil
  ) -> CachedFile {
    CachedFile(
      key: key,
      mount: mount,
      source: source,
      forms: forms.filter { form == nil || $0.coding != form?.coding } + (form.map { [$0] } ?? []),
      uselessCodings: uselessCodings.union(useless),
      absent: joined(with: absent)
    )
  }

  /// Of two looks at a directory that has changed in between the later one counts.
  private func joined(with other: AbsentNeighbours?) -> AbsentNeighbours? {
    guard let other, let absent, absent.directory.stamp == other.directory.stamp else {
      return other ?? absent
    }
    return AbsentNeighbours(codings: absent.codings.union(other.codings), directory: other.directory)
  }
}

// MARK: - Choosing

extension CachedFile {
  /// A form, and whether it is chosen for want of neighbours that the client would have liked better.
  struct Choice {
    let form: CachedForm
    var dependsOnDirectory: Bool
  }

  /// The form for a request; nil where it is not here.
  func choice(for head: borrowing RequestHead, _ bytes: RawSpan) -> Choice? {
    guard isOfferedCoded else { return plain.map { Choice(form: $0, dependsOnDirectory: false) } }
    return choice(for: mount.policy.codings.ranked(for: head, bytes))
  }

  /// The form for a client that likes these codings, best first; nil where it is not here.
  func choice(for codings: CodingRanking) -> Choice? {
    let policy = mount.policy.codings
    var dependsOnDirectory = false
    for coding in codings {
      if let form = form(in: coding) { return Choice(form: form, dependsOnDirectory: dependsOnDirectory) }
      // Whether there is a file with it, or one can be made, is yet to be seen.
      if policy.made.contains(coding), !uselessCodings.contains(coding) { return nil }
      if policy.precompressed.contains(coding) {
        guard let absent, absent.codings.contains(coding) else { return nil }
        dependsOnDirectory = true
      }
    }
    return plain.map { Choice(form: $0, dependsOnDirectory: dependsOnDirectory) }
  }

  /// Whether a form is what would be made of the files as they are now: one call of the kernel's, two where it is a
  /// neighbour's, whose file might have changed or gone.
  ///
  /// - Parameter round: in which the request is answered; nil where it has an exchange.
  func isCurrent(_ form: CachedForm, in round: AnswerRound? = nil) -> Bool {
    guard source.isCurrent(beneath: mount.root, in: round) else { return false }
    guard let sidecar = form.sidecar else { return true }
    return sidecar.isCurrent(beneath: mount.root, in: round)
  }

  /// Whether the neighbours that were not there can't be there now. One call of the kernel's.
  func isStillAlone(in round: AnswerRound? = nil) -> Bool {
    absent?.directory.isCurrent(beneath: mount.root, in: round) ?? false
  }
}
