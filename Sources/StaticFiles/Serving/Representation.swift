import ContentCoding
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
  var coding: Coding?

  /// A file as it is.
  ///
  /// - Parameter coding: That of its bytes, where it is a neighbour that holds another file's content.
  init(_ file: OpenFile, _ metadata: FileMetadata, coding: Coding? = nil) {
    content = .file(file)
    size = metadata.size
    self.metadata = metadata
    self.coding = coding
  }

  /// The same with its bytes in memory, if they are no more than that and can be had.
  ///
  /// - Parameter mayWait: whether the disk may be waited for.
  func loaded(limit: Int64, mayWait: Bool) -> Representation? {
    guard case .file(let file) = content else { return self }
    guard size <= limit, let bytes = FileSlice(file: file, offset: 0, count: size).read(mayWait: mayWait)
    else {
      return nil
    }
    return Representation(bytes, of: metadata, coding: coding)
  }

  /// Bytes that are in memory: the file's own, or made from them.
  init(_ bytes: ByteBuffer, of metadata: FileMetadata, coding: Coding? = nil) {
    content = .bytes(bytes)
    size = Int64(bytes.readableBytes)
    self.metadata = metadata
    self.coding = coding
  }
}
