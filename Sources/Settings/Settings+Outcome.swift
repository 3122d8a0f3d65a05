import ArgumentParser

extension Settings {
  /// What a command line asks for.
  package enum Outcome: Sendable {
    case run(Settings)

    /// Print the text and leave: help and version on standard output with 0, a mistake on standard error with 2.
    /// The text does not end in a line feed.
    case exit(text: String, toStandardError: Bool, code: Int32)
  }

  /// Reads a command line, without the name of the program. It prints nothing and never leaves the process.
  ///
  /// - Parameter columns: The width of the help screen; unset, that of the terminal, or 80.
  package static func parse(_ arguments: [String], columns: Int? = nil) -> Outcome {
    do {
      // The optional picks the library's function, which throws, over this one.
      let settings: Settings = try parse(arguments as [String]?)
      return .run(settings)
    } catch {
      guard exitCode(for: error) != .success else {
        return .exit(text: information(for: error, columns: columns), toStandardError: false, code: 0)
      }
      let text = "Error: \(mistake(error, in: arguments))\nSee martlet --help"
      return .exit(text: text, toStandardError: true, code: 2)
    }
  }

  private static func information(for error: any Error, columns: Int?) -> String {
    let text = fullMessage(for: error, columns: columns)
    return text == helpMessage(columns: columns) ? "\(text)\n\(examples)" : text
  }

  private static func mistake(_ error: any Error, in arguments: [String]) -> String {
    let message = message(for: error)
    // Without its option, a value such as the 4 of "-w 4" is taken for an argument too many: so both are looked into.
    guard message.hasPrefix("Unknown option") || message.contains("nexpected argument") else {
      return message
    }
    return GunicornOption.explanation(among: arguments) ?? message
  }

  private static let examples = """
    EXAMPLES:
      martlet app:app
          The application `app` of app.py, on http://127.0.0.1:8000
      martlet app:app --static /static=./static --threads 4
          Files under /static without Python in the way, and four requests at once
      martlet 'shop.web:create_app()' -b 0.0.0.0:80 -b unix:/run/shop.sock
          An application made by a function, on a port and on a socket
      martlet shop.wsgi --chdir /srv/shop --python /srv/shop/venv -e DEBUG=0
          A project and its virtual environment elsewhere
    """
}
