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
    try raiseDescriptorLimit()
    for variable in settings.python.environment { setenv(variable.name, variable.value, 1) }
  }

  /// For event loops, log files, an interpreter that imports, and a few connections.
  private static let fewestDescriptors: rlim_t = 32

  /// A connection is a descriptor, and the usual soft limit of 1,024 is for programs that call select().
  private static func raiseDescriptorLimit() throws(StartError) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    guard limit.rlim_max >= fewestDescriptors else {
      throw StartError(
        "only \(limit.rlim_max) files may be open at once (ulimit -n): at least \(fewestDescriptors) are needed"
      )
    }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
