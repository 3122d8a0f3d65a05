import Glibc

/// A command that is run to its end, with little output and within a deadline.
///
/// It blocks its thread: for start-up only. The command is a process group of its own, so that at the deadline all
/// that it has started is ended with it.
enum ShortCommand {
  enum Result: Equatable {
    case notStarted(reason: String)
    case timedOut
    case ended(Ending, output: [UInt8], errors: [UInt8])
  }

  enum Ending: Equatable, CustomStringConvertible {
    case exit(Int32)
    case signal(Int32)

    var isSuccess: Bool { self == .exit(0) }

    var description: String {
      switch self {
      case .exit(let code): "exit code \(code)"
      case .signal(let number): "signal \(number)"
      }
    }
  }

  static func run(
    _ executable: String,
    _ arguments: [String],
    environment: [String: String],
    deadline: Duration
  ) -> Result {
    var output = Collected()
    var errors = Collected()
    guard output.open(), errors.open() else { return .notStarted(reason: message(errno)) }

    let process: pid_t
    switch spawn(
      executable,
      arguments,
      environment: environment,
      output: output.writeEnd,
      errors: errors.writeEnd
    ) {
    case .success(let started): process = started
    case .failure(let failure): return .notStarted(reason: message(failure.code))
    }
    output.closeWriteEnd()
    errors.closeWriteEnd()

    let end = ContinuousClock.now + deadline
    var status: Int32 = 0
    var hasEnded = false
    repeat {
      let isOpen = output.isOpen || errors.isOpen
      if isOpen { wait(for: &output, &errors, until: end) } else { usleep(1000) }
      // Both ends may be held open by something that the command left behind, or closed long before it ends.
      hasEnded = waitpid(process, &status, WNOHANG) == process
    } while !hasEnded && ContinuousClock.now < end

    guard hasEnded else {
      kill(-process, SIGKILL)
      waitpid(process, &status, 0)
      return .timedOut
    }
    output.readWhatIsThere()
    errors.readWhatIsThere()
    return .ended(Ending(status: status), output: output.bytes, errors: errors.bytes)
  }

  private static func wait(
    for output: inout Collected,
    _ errors: inout Collected,
    until end: ContinuousClock.Instant
  ) {
    var polled = [output.poll, errors.poll]
    let left = Swift.max(.zero, end - .now)
    let milliseconds = left > .milliseconds(20) ? 20 : Int32(left / .milliseconds(1)) + 1
    guard poll(&polled, 2, milliseconds) > 0 else { return }
    if polled[0].revents != 0 { output.readWhatIsThere() }
    if polled[1].revents != 0 { errors.readWhatIsThere() }
  }

  private struct SpawnFailure: Error {
    let code: Int32
  }

  private static func spawn(
    _ executable: String,
    _ arguments: [String],
    environment: [String: String],
    output: Int32,
    errors: Int32
  ) -> Swift.Result<pid_t, SpawnFailure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    )

    var process: pid_t = 0
    let code = withCStrings([executable] + arguments) { arguments in
      withCStrings(environment.map { "\($0)=\($1)" }) { environment in
        posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
      }
    }
    return code == 0 ? .success(process) : .failure(SpawnFailure(code: code))
  }

  private static func withCStrings<Result>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { pointers.forEach { free($0) } }
    return body(pointers + [nil])
  }

  private static func message(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}

extension ShortCommand.Ending {
  /// From what `waitpid` stores (wait(2)): the macros that take it apart are not imported.
  fileprivate init(status: Int32) {
    self = status & 0x7F == 0 ? .exit((status >> 8) & 0xFF) : .signal(status & 0x7F)
  }
}

/// A pipe and what has been read from it, up to a bound: what is beyond it is read and dropped.
private struct Collected: ~Copyable {
  private(set) var bytes: [UInt8] = []
  private(set) var writeEnd: Int32 = -1
  private var readEnd: Int32 = -1

  private static let limit = 65536

  var isOpen: Bool { readEnd >= 0 }

  /// `poll` ignores a negative descriptor.
  var poll: pollfd { pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0) }

  mutating func open() -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    (readEnd, writeEnd) = (ends[0], ends[1])
    return fcntl(readEnd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(writeEnd, F_SETFD, FD_CLOEXEC) == 0
      && fcntl(readEnd, F_SETFL, O_NONBLOCK) == 0
  }

  mutating func closeWriteEnd() {
    close(writeEnd)
    writeEnd = -1
  }

  mutating func readWhatIsThere() {
    var buffer: [UInt8] = Array(repeating: 0, count: 4096)
    // More than a pipe holds, yet bounded: a command that never stops writing must not keep us from the deadline.
    for _ in 0..<32 where readEnd >= 0 {
      let count = buffer.withUnsafeMutableBytes { read(readEnd, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes.append(contentsOf: buffer.prefix(count).prefix(Self.limit - bytes.count))
      } else if count == 0 {
        close(readEnd)
        readEnd = -1
      } else if errno != EINTR {
        return
      }
    }
  }

  deinit {
    if readEnd >= 0 { close(readEnd) }
    if writeEnd >= 0 { close(writeEnd) }
  }
}
