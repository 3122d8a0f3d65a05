/// A span of time as an option gives it: seconds, with up to nine decimals.
package struct Seconds: OptionValue, Comparable {
  package let duration: Duration

  init(_ duration: Duration) {
    self.duration = duration
  }

  package init(parsing text: String) throws(InvalidValue) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = Int(digits: parts[0]), whole <= Self.longest else {
      throw InvalidValue("it must be a number of seconds, such as 30 or 0.5")
    }
    guard parts.count == 2 else {
      self.duration = .seconds(whole)
      return
    }
    guard parts[1].utf8.count <= 9, let fraction = Int(digits: parts[1]) else {
      throw InvalidValue("it must be a number of seconds, such as 30 or 0.5")
    }
    let scale = (parts[1].utf8.count..<9).reduce(1) { scale, _ in scale * 10 }
    self.duration = .seconds(whole) + .nanoseconds(fraction * scale)
  }

  package var description: String {
    let (seconds, attoseconds) = duration.components
    guard attoseconds != 0 else { return "\(seconds)" }
    let digits = String(attoseconds / 1_000_000_000)
    let decimals = String(repeating: "0", count: 9 - digits.utf8.count) + digits
    return "\(seconds).\(decimals.trimmingEnd(of: "0"))"
  }

  package static func < (left: Seconds, right: Seconds) -> Bool { left.duration < right.duration }

  /// Far beyond any option's own bound; it keeps the arithmetic from overflowing.
  private static let longest = 1_000_000_000
}

/// A size as an option gives it: a whole number of bytes, or of units of 1024 (`k`, `m`, `g`).
package struct ByteCount: OptionValue, Comparable {
  package let bytes: Int

  init(_ bytes: Int) {
    self.bytes = bytes
  }

  package init(parsing text: String) throws(InvalidValue) {
    let unit = Self.units.first { text.lowercased().hasSuffix($0.suffix) }
    guard let count = Int(digits: unit == nil ? text[...] : text.dropLast()) else {
      throw InvalidValue("it must be a number of bytes, or of units of 1024: 512, 256k, 20m, 1g")
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit?.bytes ?? 1)
    guard !overflow else { throw InvalidValue("it is too large") }
    self.bytes = bytes
  }

  package var description: String {
    guard let unit = Self.units.first(where: { bytes >= $0.bytes && bytes % $0.bytes == 0 }) else {
      return "\(bytes)"
    }
    return "\(bytes / unit.bytes)\(unit.suffix)"
  }

  package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

  private static let units: [(suffix: String, bytes: Int)] = [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)]
}

/// Directories separated by commas, as Gunicorn's `--pythonpath` takes them.
package struct DirectoryList: OptionValue, Equatable {
  package let directories: [String]

  init(_ directories: [String]) {
    self.directories = directories
  }

  package init(parsing text: String) throws(InvalidValue) {
    self.directories = text.split(separator: ",").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
    guard !directories.isEmpty else { throw InvalidValue("it names no directory") }
  }

  package var description: String { directories.joined(separator: ",") }
}

/// `NAME=VALUE` for the application's environment.
package struct EnvironmentVariable: OptionValue, Equatable {
  package let name: String
  package let value: String

  package init(parsing text: String) throws(InvalidValue) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw InvalidValue("it must be NAME=VALUE, such as DEBUG=1")
    }
    self.name = String(text[..<equals])
    self.value = String(text[text.index(after: equals)...])
  }

  package var description: String { "\(name)=\(value)" }
}

/// The permissions of a socket's file, in octal as chmod takes them.
package struct FileMode: OptionValue, Equatable {
  package let bits: UInt32

  init(_ bits: UInt32) {
    self.bits = bits
  }

  package init(parsing text: String) throws(InvalidValue) {
    guard !text.isEmpty, text.utf8.count <= 4, let bits = UInt32(text, radix: 8), bits <= 0o777 else {
      throw InvalidValue("it must be permissions in octal, such as 660")
    }
    self.bits = bits
  }

  package var description: String { String(bits, radix: 8) }
}

/// Where a log goes: `-` is the standard stream of that log, anything else a file to append to.
package enum LogDestination: OptionValue, Equatable {
  case standardStream
  case file(path: String)

  package init(parsing text: String) throws(InvalidValue) {
    switch text {
    case "": throw InvalidValue("it must be the path of a file, or -")
    case "-": self = .standardStream
    default: self = .file(path: text)
    }
  }

  package var description: String {
    switch self {
    case .standardStream: "-"
    case .file(let path): path
    }
  }
}

/// An option that takes one of a few words, in any case.
package protocol WordOption: OptionValue, CaseIterable, RawRepresentable<String> {}

extension WordOption {
  package init(parsing text: String) throws(InvalidValue) {
    guard let word = Self(rawValue: text.lowercased()) else {
      let words = Self.allCases.map(\.rawValue)
      throw InvalidValue("it must be \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")")
    }
    self = word
  }

  package var description: String { rawValue }
}

/// The least severe record that the error log keeps. The names are Gunicorn's.
package enum LogLevel: String, WordOption {
  case debug, info, warning, error, critical
}

/// How the program and the interpreter share a process.
package enum ProcessShape: String, WordOption {
  /// Whichever is faster with this interpreter.
  case auto
  /// The program loads the interpreter's shared library.
  case embedded
  /// The program becomes the interpreter, which loads the server.
  case hosted
}

/// What becomes of request fields with an underscore in their name. The names are Gunicorn's.
///
/// In the environ `X_User` and `X-User` are one variable, so that whoever sends the first can pass for a proxy that sets
/// the second (Django CVE-2015-0219).
package enum HeaderMap: String, WordOption {
  case drop, refuse, dangerous
}

extension String {
  fileprivate func trimmingEnd(of character: Character) -> String {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return String(text)
  }

  func trimmingSpaces() -> String {
    String(drop { $0 == " " }).trimmingEnd(of: " ")
  }
}
