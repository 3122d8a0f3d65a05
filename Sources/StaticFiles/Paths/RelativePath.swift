import ContentCoding
import HTTPCore

/// A path beneath a root: the end of a ``RequestPath``, and so without dot segments. It is empty for the root itself.
package struct RelativePath: Sendable, Equatable {
  /// It keeps the slash at the end: by it the kernel finds a directory, and no file.
  package let bytes: [UInt8]

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// A path that the settings name. Whoever reads those sees to it that it has no dot segments.
  package init(configured path: String) {
    self.bytes = Array(path.utf8)
  }

  package var endsWithSlash: Bool { bytes.last == ASCII.slash }

  /// Whether some segment begins with a dot: `.git`, `.env`, editors' and other tools' files. To a client they are not
  /// there. The directory of well-known locations (RFC 8615) is.
  package var isHidden: Bool {
    segments.contains { $0.first == UInt8(ascii: ".") && !$0.elementsEqual(".well-known".utf8) }
  }

  /// The path of a file in the directory that this path names.
  package func appending(_ name: String) -> RelativePath { appending(Array(name.utf8)) }

  func appending(_ name: [UInt8]) -> RelativePath {
    let separator: [UInt8] = bytes.isEmpty || endsWithSlash ? [] : [ASCII.slash]
    return RelativePath((bytes + separator + name)[...])
  }

  /// The directory that what the path names is in; empty for the root.
  var parent: RelativePath {
    RelativePath(bytes[..<max(lastSegment.startIndex - 1, 0)])
  }

  /// The file beside this one that may hold its content in a coding.
  func neighbour(in coding: Coding) -> RelativePath {
    RelativePath((bytes + Array("\(coding.fileExtension)".utf8))[...])
  }

  /// The name that the path ends with; empty for the root.
  var lastSegment: ArraySlice<UInt8> {
    let path = endsWithSlash ? bytes.dropLast() : bytes[...]
    return path[((path.lastIndex(of: ASCII.slash) ?? path.startIndex - 1) + 1)...]
  }

  var segments: [ArraySlice<UInt8>] { bytes.split(separator: ASCII.slash) }

  /// The path as the kernel takes it, relative to the root.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let terminated: [CChar] = (bytes.isEmpty ? [UInt8(ascii: ".")] : bytes).map(CChar.init(bitPattern:)) + [0]
    return terminated.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return ".".withCString(body) }
      return body(base)
    }
  }
}
