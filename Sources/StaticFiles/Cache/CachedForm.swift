import ContentCoding
import HTTPCore
import HTTPServer

/// One form of a file's content, with the answers that are made of it.
final class CachedForm: Sendable {
  /// Nil for the file as it is.
  let coding: Coding?
  let response: PreparedResponse
  /// The file beside it that has this form, if it was not made here.
  let sidecar: FileSource?
  /// Nil for content alone, which waits for a file to be the form of.
  let heads: Heads?

  /// What the answers to requests with conditions are made of.
  final class Heads: Sendable {
    /// Of 200 and 206.
    let content: HeaderBlock
    /// Of 304.
    let notModified: HeaderBlock
    /// The value of `ETag`; empty for none.
    let tag: [UInt8]

    init(content: HeaderBlock, notModified: HeaderBlock, tag: [UInt8]) {
      self.content = content
      self.notModified = notModified
      self.tag = tag
    }
  }

  init(coding: Coding?, response: PreparedResponse, sidecar: FileSource? = nil, heads: Heads? = nil) {
    self.coding = coding
    self.response = response
    self.sidecar = sidecar
    self.heads = heads
  }

  /// Bytes of memory that it takes, about.
  var cost: Int {
    let heads = heads.map { $0.content.bytes.count + $0.notModified.bytes.count + $0.tag.count } ?? 0
    return 512 + response.byteCount + heads + 2 * (sidecar?.path.bytes.count ?? 0)
  }
}
