import HTTPCore
import NIOCore

/// Memory of an event loop in which one answer at a time is put together.
package struct AnswerBuffer: ByteSink {
  /// More bytes than that are sent from where they lie: to copy them costs more than to name a second place.
  private static let copyLimit = 4 << 10

  /// The round that the answer is made in.
  package private(set) var round: AnswerRound?
  private let memory: UnsafeMutableRawBufferPointer
  private let writer: ResponseHeadWriter
  private var date = HTTPDateCache(secondsSinceEpoch: 0)
  /// How a response of 200 begins.
  private var okBeginning: [UInt8] = []
  private var count = 0
  private var isTooLong = false
  /// What follows, if it was not copied.
  private var rest: ByteBuffer?

  init(_ writer: ResponseHeadWriter) {
    self.writer = writer
    memory = .allocate(byteCount: Self.copyLimit + (8 << 10), alignment: 16)
  }

  func deallocate() {
    memory.deallocate()
  }

  mutating func beginRound(_ round: AnswerRound, secondsSinceEpoch: Int64) {
    self.round = round
    guard okBeginning.isEmpty || secondsSinceEpoch != date.secondsSinceEpoch else { return }
    date.update(secondsSinceEpoch: secondsSinceEpoch)
    okBeginning = []
    writer.begin(keepAlive: true, requestVersion: .http11, date: date, into: &okBeginning)
  }

  mutating func reset() {
    count = 0
    isTooLong = false
    forgetRest()
  }

  private mutating func forgetRest() {
    if rest != nil { rest = nil }
  }

  @inline(__always)
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, let target = memory.baseAddress else { return }
    guard bytes.count <= memory.count &- count else {
      isTooLong = true
      return
    }
    (target + count).copyMemory(from: source, byteCount: bytes.count)
    count &+= bytes.count
  }
}

// MARK: - Sending

extension AnswerBuffer {
  private var beginning: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

  /// Whether all that was put in is there.
  var isWhole: Bool { !isTooLong }

  /// - Returns: how many bytes the kernel has taken.
  mutating func send(to descriptor: CInt) -> Int {
    guard let rest else { return SocketOutput.send(beginning, to: descriptor) }
    return rest.withUnsafeReadableBytes { SocketOutput.send(beginning, $0, to: descriptor) }
  }

  /// What is left behind so many bytes, in pieces; once.
  mutating func takeRemainder(after sent: Int) -> [ByteBuffer] {
    defer { forgetRest() }
    guard sent >= count else {
      let left = ByteBuffer(bytes: beginning[sent...])
      return rest.map { [left, $0] } ?? [left]
    }
    guard var rest, sent - count < rest.readableBytes else { return [] }
    rest.moveReaderIndex(forwardBy: sent - count)
    return [rest]
  }
}

// MARK: - Putting together

extension AnswerBuffer {
  /// A whole response of 200.
  package mutating func append(_ prepared: PreparedResponse) {
    okBeginning.withUnsafeBytes { append($0) }
    guard !prepared.isInOnePiece else { return end(with: prepared.bytes) }
    // The head alone.
    prepared.bytes.withUnsafeReadableBytes { append($0) }
    rest = prepared.content
  }

  /// The beginning of a head: its status, and the fields that are there in any case.
  package mutating func beginHead(_ status: HTTPStatus, _ fields: borrowing HeaderBlock) {
    writer.begin(status, keepAlive: true, requestVersion: .http11, date: date, into: &self)
    writer.appendFields(fields, into: &self)
  }

  package mutating func endHead() {
    ResponseHeadWriter.endHead(length: nil, into: &self)
  }

  /// Ends the head and the answer.
  package mutating func endHead(content: ByteBuffer) {
    ResponseHeadWriter.endHead(length: Int64(content.readableBytes), into: &self)
    end(with: content)
  }

  private mutating func end(with bytes: ByteBuffer) {
    if bytes.readableBytes <= Self.copyLimit {
      bytes.withUnsafeReadableBytes { append($0) }
    } else {
      rest = bytes
    }
  }
}
