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
    for variable in settings.python.environment { setenv(variable.name, variable.value, 1) }
  }
}
