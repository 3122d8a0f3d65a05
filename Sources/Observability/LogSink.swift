import Glibc
import HTTPServer
import Synchronization

/// Where log lines go: a file, standard output or standard error.
///
/// Lines are put in from any thread without waiting, and written by a thread of the sink's own, so a slow disk or
/// a full pipe stops nobody. What waits is bounded; beyond that lines are dropped, and counted in the log itself.
package final class LogSink: Sendable {
  private struct State {
    var lines: [UInt8] = []
    var dropped = 0
    var isWriting = false
    var isClosed = false
  }

  private let state = Monitor(State())
  package let descriptor: CInt
  private let path: String?
  private let hasWarned = Atomic(false)

  /// Bytes that may wait to be written.
  private static let capacity = 8 << 20

  /// - Parameter descriptor: open for as long as the process lives.
  package init(descriptor: CInt, path: String? = nil) {
    self.descriptor = descriptor
    self.path = path
    startWriter()
  }

  /// A file that is appended to, and made where there is none; nil with `errno` set where it can't be.
  package convenience init?(path: String) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode_t(0o644))
    guard descriptor >= 0 else { return nil }
    self.init(descriptor: descriptor, path: path)
  }

  /// Opens the file anew by its name: somebody has moved it away. What is there stays in use if that fails.
  package func reopen() {
    guard let path else { return }
    flush()
    let fresh = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode_t(0o644))
    guard fresh >= 0 else { return }
    // The number stays the same, for everybody who has it.
    if dup2(fresh, descriptor) >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    close(fresh)
  }

  /// Adds a line; the line feed is added here.
  package func write(_ line: some Collection<UInt8>) {
    let wasEmpty = state.withLock { state in
      guard state.lines.count + line.count < Self.capacity else {
        state.dropped += 1
        return false
      }
      let wasEmpty = state.lines.isEmpty
      state.lines.append(contentsOf: line)
      state.lines.append(UInt8(ascii: "\n"))
      return wasEmpty
    }
    if wasEmpty { state.broadcast() }
  }

  /// Waits until all lines are written, for at most a second.
  package func flush() {
    _ = state.wait(milliseconds: 1000) { $0.lines.isEmpty && !$0.isWriting ? () : nil }
  }

  private func startWriter() {
    let thread = Unmanaged.passRetained(self)
    var identifier = pthread_t()
    let status = SignalMask.withAllBlocked {
      pthread_create(
        &identifier,
        nil,
        { context in
          guard let context else { return nil }
          Unmanaged<LogSink>.fromOpaque(context).takeRetainedValue().run()
          return nil
        },
        thread.toOpaque()
      )
    }
    // Without a thread the lines stay where they are: bounded, and nobody waits for them.
    if status == 0 { pthread_detach(identifier) }
  }

  private func run() {
    while true {
      let lines = state.wait { state -> [UInt8]? in
        guard !state.lines.isEmpty else { return nil }
        defer {
          state.lines = []
          state.dropped = 0
          state.isWriting = true
        }
        if state.dropped > 0 {
          state.lines += Array(
            "martlet: \(state.dropped) log lines were dropped: the log is written too slowly\n".utf8
          )
        }
        return state.lines
      }
      if !Self.writeAll(lines, to: descriptor) { warnOfLoss(errno) }
      state.withLock { $0.isWriting = false }
      state.broadcast()
    }
  }

  /// A log that can't be written: standard error is told, once, unless it is that log.
  private func warnOfLoss(_ code: CInt) {
    guard descriptor != 2, !hasWarned.exchange(true, ordering: .relaxed) else { return }
    let text = "martlet: log lines are lost: \(path ?? "standard output"): \(errorText(code))\n"
    _ = Self.writeAll(Array(text.utf8), to: 2)
  }

  /// - Returns: whether all of it could be written; else `errno` says why not.
  private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          // Somebody has made the descriptor non-blocking.
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, 1000)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }
}
