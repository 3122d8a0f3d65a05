import FuzzSupport
import HTTPCore
import StaticFiles

/// What a client can say of files: paths, ranges, entity tags, dates, and whole heads with conditions in them.
@c(LLVMFuzzerTestOneInput)
public func fuzzFiles(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let input = FuzzInput(start, count) else { return 0 }
  switch input.choice & 3 {
  case 0: checkPath(input.bytes)
  case 1: checkRange(input.bytes, size: sizes[Int(input.choice >> 2) % sizes.count])
  case 2: checkValues(input.bytes)
  default: checkSelection(input.bytes, size: sizes[Int(input.choice >> 2) % sizes.count])
  }
  return 0
}

/// Of files: those at the bounds of what there is.
private let sizes: [Int64] = [100, 0, 1, 2, .max, .max - 1, 1 << 32]

/// As many ranges as may be asked for at once.
private let most = 8

private func checkRange(_ bytes: [UInt8], size: Int64) {
  switch RangeRequest(bytes.span.bytes, size: size, limit: most) {
  case .part(let part): check(part, size: size)
  case .parts(let parts): check(parts, size: size)
  case .whole, .unsatisfiable: break
  }
}

/// Several parts are not more than were allowed, and not more than the file.
private func check(_ parts: [ByteRange], size: Int64) {
  require(parts.count > 1 && parts.count <= most, "\(parts.count) parts")
  for part in parts { check(part, size: size) }
  let (sum, overflow) = parts.reduce((Int64(0), false)) { total, part in
    let (sum, overflow) = total.0.addingReportingOverflow(part.count)
    return (sum, total.1 || overflow)
  }
  require(!overflow && sum <= size, "\(parts) are not more than \(size) bytes")
}

/// A part is of the file, and has something in it.
private func check(_ part: ByteRange, size: Int64) {
  require(part.first >= 0 && part.first <= part.last && part.last < size, "\(part) is within \(size) bytes")
  require(part.count > 0 && part.count <= size, "\(part) has bytes")
  requireEqual(
    String(decoding: part.contentRange(of: size), as: UTF8.self),
    "bytes \(part.first)-\(part.last)/\(size)",
    "Content-Range"
  )
}

private func checkValues(_ bytes: [UInt8]) {
  if let seconds = HTTPDate.parse(bytes.span.bytes) {
    let text = Array(HTTPDate.string(seconds).utf8)
    requireEqual(HTTPDate.parse(text.span.bytes), seconds, "a date can be read again")
  }
  guard case .tags(let tags) = EntityTagCondition(bytes.span.bytes) else { return }
  require(tags.count <= bytes.count, "no more tags than bytes")
  for tag in tags {
    let again = EntityTagCondition(tag.fieldValue.span.bytes)
    requireEqual(again, .tags([tag]), "a tag can be read again")
  }
}

/// A head with conditions: what is selected of a file is a part of it.
private func checkSelection(_ bytes: [UInt8], size: Int64) {
  var parser = RequestHeadParser(limits: HTTPLimits())
  guard case .complete = parser.parse(bytes.span.bytes) else { return }
  let validators = Validators(entityTag: EntityTag(opaque: [UInt8(ascii: "a")]), lastModified: 784_111_777)
  let selection = FileSelection(
    parser.head,
    bytes.span.bytes,
    validators: validators,
    size: size,
    maxRanges: most
  )
  switch selection {
  case .part(let part): check(part, size: size)
  case .parts(let parts): check(parts, size: size)
  case .whole, .notModified, .preconditionFailed, .rangeNotSatisfiable: return
  }
  require(parser.head.method == .get, "a range is for GET")
}
