import HTTPServer
import NIOCore

/// What of a found file is sent: its bytes in one content coding (RFC 9110 3.2), wherever they come from.
struct Representation: Sendable {
  enum Content: Sendable {
    case file(OpenFile)
    case bytes(ByteBuffer)
  }

  let content: Content
  /// Of the bytes that are sent, in this coding.
  let size: Int64
  /// Of the file that the bytes are, or are made from: what the validators go by.
  let metadata: FileMetadata
  /// The value of `Content-Encoding`; nil for none. It is part of the entity tag.
  var coding: StaticString?

  /// The file as it is.
  init(_ file: OpenFile, _ metadata: FileMetadata) {
    content = .file(file)
    size = metadata.size
    self.metadata = metadata
  }

  /// Bytes that are in memory: the file's own, or made from them.
  init(_ bytes: ByteBuffer, of metadata: FileMetadata, coding: StaticString? = nil) {
    content = .bytes(bytes)
    size = Int64(bytes.readableBytes)
    self.metadata = metadata
    self.coding = coding
  }
}
