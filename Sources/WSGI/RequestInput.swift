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
  private let bytesIO, fileIO, bufferedReader, mode, bufferSize: PythonReference
  /// `open_stream(receive)` of the Python half.
  private let openStream: PythonReference

  init(openStream: PythonReference, _ python: Attached) throws(PythonRaised) {
    self.openStream = openStream
    let io = try python.importModule("io")
    bytesIO = try io.reference.attribute("BytesIO", python).immortal()
    fileIO = try io.reference.attribute("FileIO", python).immortal()
    bufferedReader = try io.reference.attribute("BufferedReader", python).immortal()
    mode = try python.interned("rb")
    bufferSize = try python.integer(32 << 10).immortal()
  }

  /// - Parameter slot: of the thread that serves the request: while it waits for the client, nobody blames it.
  func make(for body: RequestBody, _ slot: CallSlot, _ python: Attached) throws(PythonRaised) -> PythonObject
  {
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
      let file = try openFile(descriptor, python)
      return try bufferedReader.call(python, file.reference, bufferSize)
    case .stream(let stream):
      let receive = try python.function(Receive.functionName, Receive(stream, slot))
      return try openStream.call(python, receive.reference)
    }
  }
}

extension RequestInput {
  /// A raw file that owns the descriptor.
  private func openFile(_ descriptor: CInt, _ python: Attached) throws(PythonRaised) -> PythonObject {
    do throws(PythonRaised) {
      let number = try python.integer(Int64(descriptor))
      return try fileIO.call(python, number.reference, mode)
    } catch {
      close(descriptor)
      throw error
    }
  }
}

/// `receive(count, fully) -> bytes`: the next bytes of a body that is still arriving; `b""` at its end. Where `fully` is
/// true it waits for more of them.
private final class Receive: PythonCallable {
  static let functionName = PythonFunctionName("receive")
  private let stream: BodyStream
  private let slot: CallSlot

  init(_ stream: BodyStream, _ slot: CallSlot) {
    self.stream = stream
    self.slot = slot
    super.init()
  }

  override func call(_ arguments: PythonArguments, _ python: Attached) throws(PythonRaised) -> PythonObject {
    guard !ForkedProcess.isCurrent else {
      throw python.raise(.osError, "this process was forked from the server's: it cannot read the request")
    }
    guard let count = arguments[0]?.integer(python).flatMap(Int.init(exactly:)), count > 0 else {
      throw python.raise(.valueError, "receive() takes the most bytes that are wanted")
    }
    let fully = try arguments[1]?.isTrue(python) ?? false
    let piece = python.detached { slot.whileWaiting { stream.read(atMost: count, fully: fully) } }
    switch piece {
    case .end: return try python.bytes(UnsafeRawBufferPointer(start: nil, count: 0))
    case .data(let data):
      return try python.bytes(count: data.count) { data.copy(to: $0) }
    case .broken:
      throw python.raise(
        .osError,
        "the request's body is not to be had: the client has gone, broke it off, or was answered before it was asked for it"
      )
    }
  }
}
