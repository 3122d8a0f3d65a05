import Glibc
import Settings

/// Settings that concern the process as a whole, before there is a Python.
enum ProcessSettings {
  static func apply(_ settings: Settings) throws(StartError) {
    if let directory = settings.python.workingDirectory?.description, chdir(directory) != 0 {
      throw StartError(
        "cannot change to the directory '\(directory)' (--chdir): \(String(cString: strerror(errno)))"
      )
    }
    raiseDescriptorLimit()
    for variable in settings.python.environment { setenv(variable.name, variable.value, 1) }
  }

  /// A connection is a descriptor, and the usual soft limit of 1,024 is for programs that call select().
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
