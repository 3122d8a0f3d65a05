import CLinux
import Glibc
import HTTPCore
import HTTPServer
import NIOCore

/// Answers one request with one open file.
struct FileResponse {
  let exchange: Exchange
  let file: OpenFile
  let metadata: FileMetadata
  let path: RelativePath
  /// Of an application that has the file sent in its place: what it says of the content.
  var contentFields: HeaderBlock?

  /// Up to this size a file goes out in one piece with its head; beyond, the kernel sends it by itself.
  private static let copyLimit: Int64 = 64 << 10

  func send() {
    let validators = Validators(metadata, now: Int64(time(nil)))
    guard exchange.head.method == .get || exchange.head.method == .head else {
      // Conditions and ranges of other methods were the application's to look at.
      return send(.ok, validators, offset: 0, count: metadata.size)
    }
    let selection = exchange.headBytes.withUnsafeReadableBytes {
      FileSelection(exchange.head, $0.bytes, validators: validators, size: metadata.size)
    }
    switch selection {
    case .whole:
      send(.ok, validators, offset: 0, count: metadata.size)
    case .part(let range):
      send(.partialContent, validators, offset: range.first, count: range.count) {
        $0.append(name: "Content-Range", value: range.contentRange(of: metadata.size))
      }
    case .notModified:
      var head = ResponseHead(status: .notModified, fields: contentFields ?? HeaderBlock())
      head.fields.append(validators)
      exchange.respond(head, .none)
    case .preconditionFailed:
      exchange.respond(.preconditionFailed, detail: nil)
    case .rangeNotSatisfiable:
      exchange.respond(.rangeNotSatisfiable, detail: nil) {
        $0.append(name: "Content-Range", value: ByteRange.unsatisfiedContentRange(of: metadata.size))
      }
    }
  }

  private func send(
    _ status: HTTPStatus,
    _ validators: Validators,
    offset: Int64,
    count: Int64,
    _ addFields: (inout HeaderBlock) -> Void = { _ in }
  ) {
    var head = ResponseHead(status: status, fields: contentFields ?? HeaderBlock())
    if !head.fields.hasContentType {
      head.fields.append(name: "Content-Type", value: MediaTypes.type(of: path))
    }
    head.fields.append(validators)
    head.fields.append(name: "Accept-Ranges", value: "bytes" as StaticString)
    addFields(&head.fields)
    head.fields.setContentLength(count)

    let slice = FileSlice(file: file, offset: offset, count: count)
    if exchange.head.method == .head || count == 0 {
      exchange.respond(head, .none)
    } else if count > Self.copyLimit {
      exchange.respond(head, .file(slice))
    } else if let contents = slice.read(mayWait: false) {
      exchange.respond(head, .bytes(contents))
    } else {
      readOffLoop(slice, head)
    }
  }

  private func readOffLoop(_ slice: FileSlice, _ head: ResponseHead) {
    exchange.offload {
      slice.read(mayWait: true)
    } then: { [exchange] contents in
      if let contents {
        exchange.respond(head, .bytes(contents))
      } else {
        // It became shorter, or the disk has failed.
        exchange.logger.error("\(exchange.requestID): a static file could not be read to its end")
        exchange.respond(.internalServerError, detail: nil)
      }
    }
  }
}

extension HeaderBlock {
  fileprivate mutating func append(_ validators: Validators) {
    append(name: "ETag", value: validators.entityTag.fieldValue)
    append(name: "Last-Modified", value: HTTPDate.string(validators.lastModified))
  }
}

extension FileSlice {
  /// All of the bytes; nil where they can't be had, or not without waiting for the disk.
  fileprivate func read(mayWait: Bool) -> ByteBuffer? {
    guard let length = Int(exactly: count) else { return nil }
    var buffer = ByteBuffer()
    buffer.reserveCapacity(length)
    while buffer.readableBytes < length {
      let rest = length - buffer.readableBytes
      let position = offset + Int64(buffer.readableBytes)
      let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: rest) { target in
        let read =
          mayWait
          ? pread(file.descriptor, target.baseAddress, rest, off_t(position))
          : martlet_read_cached(file.descriptor, target.baseAddress, rest, position)
        return max(read, 0)
      }
      guard read > 0 else { return nil }
    }
    return buffer
  }
}
