/// Why there is no Python to run. Each description is a whole message, with its remedy.
package enum DiscoveryError: Error, Equatable, CustomStringConvertible {
  case nothingFound(places: [String])
  case notThere(String, by: InterpreterChoice)
  case noInterpreter(directory: String, by: InterpreterChoice)
  case notExecutable(String, by: InterpreterChoice)
  case notStarted(String, by: InterpreterChoice, reason: String)
  case failed(String, by: InterpreterChoice, reason: String)
  case timedOut(String, by: InterpreterChoice, after: Duration)
  case notPython(String, by: InterpreterChoice)
  case otherImplementation(String, by: InterpreterChoice, name: String)
  case tooOld(String, by: InterpreterChoice, version: PythonInterpreter.Version)

  package var description: String {
    switch self {
    case .nothingFound(let places):
      """
      No Python found. Looked for: \(places.joined(separator: ", ")).
      Install Python 3.9 or later, or name one with --python.
      """
    case .notThere(let name, let choice):
      "\(Self.subject(name, choice)): there is no such interpreter or virtual environment. \(Self.remedy(choice))"
    case .noInterpreter(let directory, let choice):
      "\(Self.subject(directory, choice)): it has no bin/python that can be run. \(Self.remedy(choice))"
    case .notExecutable(let path, let choice):
      "\(Self.subject(path, choice)): it is not a file that may be executed. \(Self.remedy(choice))"
    case .notStarted(let path, let choice, let reason):
      "\(Self.subject(path, choice)): it could not be started: \(reason). \(Self.remedy(choice))"
    case .failed(let path, let choice, let reason):
      "\(Self.subject(path, choice)): it failed when asked for its version: \(reason)\n\(Self.remedy(choice))"
    case .timedOut(let path, let choice, let limit):
      "\(Self.subject(path, choice)): it gave no answer within \(limit). \(Self.remedy(choice))"
    case .notPython(let path, let choice):
      "\(Self.subject(path, choice)): what it prints is not the answer of a Python. \(Self.remedy(choice))"
    case .otherImplementation(let path, let choice, let name):
      "\(Self.subject(path, choice)): it is \(name), and Martlet needs CPython. \(Self.remedy(choice))"
    case .tooOld(let path, let choice, let version):
      "\(Self.subject(path, choice)): it is Python \(version), and Martlet needs 3.9 or later. \(Self.remedy(choice))"
    }
  }

  private static func subject(_ path: String, _ choice: InterpreterChoice) -> String {
    "Cannot use the Python '\(path)' (from \(choice))"
  }

  private static func remedy(_ choice: InterpreterChoice) -> String {
    switch choice {
    case .option: "Give --python an interpreter or a virtual environment."
    case .virtualEnvironment: "Make the environment again, unset VIRTUAL_ENV, or name another with --python."
    case .localEnvironment: "Make .venv again, or name another with --python."
    case .path: "Name another with --python."
    }
  }
}
