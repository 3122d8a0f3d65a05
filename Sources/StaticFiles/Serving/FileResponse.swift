import Glibc
import HTTPCore
import HTTPServer
import NIOCore

/// Answers one request with one representation of a file.
struct FileResponse {
  let exchange: Exchange
  let mount: StaticMount
  let path: RelativePath
  let representation: Representation
  /// Another than 200 is for a page in the place of what was asked for: to it no condition and no range applies.
  var status = HTTPStatus.ok
  /// Of an application that has the file sent in its place: what it says of the content.
  var contentFields: HeaderBlock?
  /// Request fields by which this was chosen, for `Vary`, beside `Accept-Encoding`.
  var vary: StaticString?

  /// Up to this size a file goes out in one piece with its head; beyond, the kernel sends it by itself.
  private static let copyLimit: Int64 = 64 << 10

  func send() {
    let now = Int64(time(nil))
    let description = self.description
    let validators = description.validators(now)
    guard status == .ok, exchange.head.method == .get || exchange.head.method == .head else {
      // Conditions and ranges of other methods were the application's to look at.
      return send(whole: status == .ok ? validators : nil, now)
    }
    let selection = exchange.headBytes.withUnsafeReadableBytes {
      FileSelection(
        exchange.head,
        $0.bytes,
        validators: validators,
        size: representation.size,
        maxRanges: mount.policy.maxRanges
      )
    }
    switch selection {
    case .whole: send(whole: validators, now)
    case .part(let range): send(range, validators, now)
    case .parts(let ranges): send(ranges, validators, now)
    case .notModified:
      exchange.respond(
        ResponseHead(status: .notModified, fields: description.commonFields(validators, now)),
        .none
      )
    case .preconditionFailed:
      exchange.respond(.preconditionFailed, detail: nil)
    case .rangeNotSatisfiable:
      exchange.respond(.rangeNotSatisfiable, detail: nil) {
        $0.append(name: "Content-Range", value: ByteRange.unsatisfiedContentRange(of: representation.size))
      }
    }
  }
}

extension FileResponse {
  private var description: FileDescription {
    FileDescription(
      mount: mount,
      path: path,
      representation: representation,
      contentFields: contentFields,
      vary: vary
    )
  }
}

// MARK: - Bodies

extension FileResponse {
  private func send(whole validators: Validators?, _ now: Int64) {
    send(description.head(status, validators, now), offset: 0, count: representation.size)
  }

  private func send(_ range: ByteRange, _ validators: Validators, _ now: Int64) {
    var head = description.head(.partialContent, validators, now)
    head.fields.append(range, of: representation.size)
    send(head, offset: range.first, count: range.count)
  }

  private func send(_ ranges: [ByteRange], _ validators: Validators, _ now: Int64) {
    var head = description.head(.partialContent, validators, now)
    var type: [UInt8] = []
    head.fields.forEachField { known, value in
      if known == .contentType { type = value.withUnsafeBytes { Array($0) } }
    }
    // What was said of the content is said of each part of it.
    let multipart = MultipartRanges(ranges, of: representation.size, type: type)
    head.fields.rewrite { known, _ in known == .contentType ? .replace(multipart.contentType) : .keep }
    head.fields.setContentLength(multipart.count)
    exchange.sendRate = mount.policy.rate
    exchange.respond(head, .pieces(multipart.pieces(of: representation)))
  }

  private func send(_ head: ResponseHead, offset: Int64, count: Int64) {
    var head = head
    head.fields.setContentLength(count)
    guard exchange.head.method != .head, count > 0 else { return exchange.respond(head, .none) }
    let rate = mount.policy.rate
    exchange.sendRate = rate
    switch representation.content {
    case .bytes(let bytes):
      let part = bytes.part(offset: offset, count: count)
      exchange.respond(head, rate == nil ? .bytes(part) : .pieces([.bytes(part)]))
    case .file(let file):
      let slice = FileSlice(file: file, offset: offset, count: count)
      if count > Self.copyLimit || rate != nil {
        exchange.respond(head, .file(slice))
      } else if let contents = slice.read(mayWait: false) {
        exchange.respond(head, .bytes(contents))
      } else {
        readOffLoop(slice, head)
      }
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

extension ByteBuffer {
  /// Part of the readable bytes, without a copy; as much of it as there is.
  func part(offset: Int64, count: Int64) -> ByteBuffer {
    let start = min(max(Int(clamping: offset), 0), readableBytes)
    let length = min(max(Int(clamping: count), 0), readableBytes - start)
    return getSlice(at: readerIndex + start, length: length) ?? ByteBuffer()
  }
}
