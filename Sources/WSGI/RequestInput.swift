import Glibc
import HTTPServer
import NIOCore
import PythonRuntime

/// Makes `wsgi.input` (PEP 3333, "Input and Error Streams").
///
/// A body that is whole is best read through CPython's own classes: `io.BytesIO` over memory, a buffered file
/// over a temporary file. Both give `b""` for ever at the end, and neither can read beyond it.
struct RequestInput: Sendable {
  // Immortal, as all constants of the bridge.
  private let bytesIO, open, mode, bufferSize: PythonReference

  init(_ python: Attached) throws(PythonRaised) {
    let io = try python.importModule("io")
    bytesIO = try io.reference.attribute("BytesIO", python).immortal()
    open = try io.reference.attribute("open", python).immortal()
    mode = try python.interned("rb")
    bufferSize = try python.integer(256 << 10).immortal()
  }

  func make(for body: RequestBody, _ python: Attached) throws(PythonRaised) -> PythonObject {
    switch body {
    case .none:
      return try bytesIO.call(python)
    case .memory(let buffer):
      let contents = try buffer.readableBytesSpan.withUnsafeBytes { bytes throws(PythonRaised) in
        try python.bytes(bytes)
      }
      return try bytesIO.call(python, contents.reference)
    case .file(let spooled):
      guard let descriptor = spooled.duplicate() else {
        throw python.raise(.osError, "no file descriptor is left for the request's body")
      }
      do throws(PythonRaised) {
        let number = try python.integer(Int64(descriptor))
        return try open.call(python, number.reference, mode, bufferSize)
      } catch {
        close(descriptor)
        throw error
      }
    }
  }
}
