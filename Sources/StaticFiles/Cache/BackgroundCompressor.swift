import ContentCoding
import Glibc
import HTTPServer
import NIOCore
import NIOPosix
import Synchronization

/// Makes coded forms of files that are sent as they are meanwhile: one at a time, on a thread that gives way to all others.
///
/// What is asked for while it is being made is not made twice, and what is asked for when a lot is waiting is forgotten:
/// the next request will ask again.
final class BackgroundCompressor: Sendable {
  enum Outcome: Sendable {
    case coded(ByteBuffer)
    /// It is no smaller in that coding.
    case useless
    /// The file changed meanwhile, or could not be read.
    case failed
  }

  private struct Task: Hashable {
    let stamp: FileStamp
    let coding: Coding
  }

  /// Larger files are not coded: it would take minutes.
  static let largestFile: Int64 = 4 << 20
  private static let mostTasks = 64

  private let tasks = Mutex<Set<Task>>([])
  private let pool = NIOThreadPool(numberOfThreads: 1)
  private let state = Mutex(State.idle)

  private enum State {
    case idle, running, stopped
  }

  /// Has a file coded, unless that is under way.
  ///
  /// - Parameters:
  ///   - stamp: what the file is expected to be; settled.
  ///   - receiver: is told what came of it, on the background's thread.
  func code(
    _ file: OpenFile,
    _ stamp: FileStamp,
    as coding: Coding,
    then receiver: @escaping @Sendable (Outcome) -> Void
  ) {
    let task = Task(stamp: stamp, coding: coding)
    let isNew = tasks.withLock { $0.count < Self.mostTasks && $0.insert(task).inserted }
    guard isNew else { return }
    start()
    pool.submit { [self] state in
      defer { _ = tasks.withLock { $0.remove(task) } }
      guard state == .active else { return }
      receiver(Self.code(file, stamp, coding))
    }
  }

  /// The thread is made when it is first needed.
  private func start() {
    state.withLock { state in
      guard state == .idle else { return }
      state = .running
      pool.start()
      // Of the calling thread alone, as Linux has it; in the end it is the only one that is slow to come.
      pool.submit { _ in _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
    }
  }

  /// Ends the thread once it is through with the file that it is at, which nobody waits for. What is waiting is forgotten.
  func stop() {
    state.withLock { state in
      if state == .running { pool.shutdownGracefully { _ in } }
      state = .stopped
    }
  }

  private static func code(_ file: OpenFile, _ stamp: FileStamp, _ coding: Coding) -> Outcome {
    let slice = FileSlice(file: file, offset: 0, count: stamp.size)
    guard FileStamp(ofFile: file.descriptor) == stamp, let content = slice.read(mayWait: true) else {
      return .failed
    }
    // Read between two looks that are the same: it is one version of the file.
    guard FileStamp(ofFile: file.descriptor) == stamp else { return .failed }
    var coded = ByteBuffer()
    do throws(EncoderFault) {
      let encoder = try ContentEncoder(
        coding,
        level: level(of: coding, for: content.readableBytes),
        effort: .best,
        size: content.readableBytes
      )
      try content.withUnsafeReadableBytes { bytes throws(EncoderFault) in
        try encoder.encode(bytes, .finish, into: &coded)
      }
    } catch {
      return .failed
    }
    guard coded.readableBytes < content.readableBytes else { return .useless }
    // The buffer grew as it was needed. What is kept is no larger than it has to be.
    return .coded(ByteBuffer(bytes: coded.readableBytesView))
  }

  /// Brotli's last two levels take a second for each half MiB.
  private static func level(of coding: Coding, for size: Int) -> Int {
    coding == .brotli && size > 512 << 10 ? 9 : coding.bestLevel
  }
}
