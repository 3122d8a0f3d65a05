import CLinux
import Glibc
import HTTPServer

/// Being PID 1, in a container without an init.
///
/// The kernel gives PID 1 the orphans of the whole container, and no default action for its signals. Reaping what
/// dies would take the children of the application's own `subprocess` calls away from it. So PID 1 stays outside:
/// it starts the server as its child, passes signals on, reaps, and leaves with the server's status.
enum InitProcess {
  /// Returns in the server's process; in PID 1 it does not return.
  static func takeOverIfNeeded() throws(StartError) {
    guard getpid() == 1 else { return }
    // Blocked until somebody waits for them: a signal at this moment must not be lost.
    var forwarded = sigset_t()
    sigfillset(&forwarded)
    var previous = sigset_t()
    sigprocmask(SIG_BLOCK, &forwarded, &previous)
    // Nothing else runs yet, so a fork is safe.
    let child = martlet_fork()
    guard child >= 0 else { throw StartError("PID 1 cannot start the server: \(errorText(errno))") }
    if child == 0 {
      sigprocmask(SIG_SETMASK, &previous, nil)
      leaveTerminalGroup()
      return
    }
    watch(child, forwarded)
  }

  /// A terminal sends Ctrl-C to all of a group: in PID 1's, the server would get it twice. So it has a group of its own,
  /// which is the terminal's foreground one from now on.
  private static func leaveTerminalGroup() {
    setpgid(0, 0)
    guard isatty(0) == 1 else { return }
    signal(SIGTTOU, SIG_IGN)
    tcsetpgrp(0, getpid())
    signal(SIGTTOU, SIG_DFL)
  }

  private static func watch(_ child: pid_t, _ signals: sigset_t) -> Never {
    var signals = signals
    while true {
      var number: CInt = 0
      sigwait(&signals, &number)
      guard number == SIGCHLD else {
        kill(child, number)
        continue
      }
      // One SIGCHLD may stand for several deaths.
      var status: CInt = 0
      while case let process = waitpid(-1, &status, WNOHANG), process > 0 {
        if process == child { exit(exitStatus(status)) }
      }
    }
  }

  /// As a shell has it: the status, or 128 and the number of the signal that killed it.
  private static func exitStatus(_ status: CInt) -> CInt {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
