import Settings
import Testing

/// Settings of a command line that must be right.
func settings(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> Settings {
  switch Settings.parse(arguments, columns: 100) {
  case .run(let settings):
    return settings
  case .exit(let text, _, _):
    Issue.record("\(arguments) was refused: \(text)", sourceLocation: sourceLocation)
    throw Refused()
  }
}

/// What is printed for a command line that must be wrong, after checking that it goes to standard error with code 2.
func refusal(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
  switch Settings.parse(arguments, columns: 100) {
  case .run:
    Issue.record("\(arguments) was accepted", sourceLocation: sourceLocation)
    throw Refused()
  case .exit(let text, let toStandardError, let code):
    #expect(toStandardError, sourceLocation: sourceLocation)
    #expect(code == 2, sourceLocation: sourceLocation)
    return text
  }
}

struct Refused: Error {}
