import ArgumentParser

/// A value of an option that checks itself and can say what is wrong with a text.
///
/// `description` is the form in which a user would type the value: the help screen shows defaults with it.
package protocol OptionValue: CustomStringConvertible, Sendable {
  init(parsing text: String) throws(InvalidValue)
}

/// Why a text is not a value of its option, as the end of a sentence: "…: the port must be 0 to 65535".
package struct InvalidValue: Error, CustomStringConvertible, Equatable {
  package let description: String

  init(_ reason: String) {
    self.description = reason
  }
}

/// These initialisers put an option's default into its help text, so that it is written down once.
///
/// Numbers take whatever comes next (`unconditional`), or `--timeout -1` would be told that its value is missing.
extension Option {
  /// An option with a default.
  init(
    wrappedValue: Value,
    name: NameSpecification = .long,
    _ meaning: String,
    value: String
  ) where Value: OptionValue {
    self.init(
      wrappedValue: wrappedValue,
      name: name,
      help: ArgumentHelp("\(meaning) (default: \(wrappedValue))", valueName: value),
      transform: { text in try Value(parsing: text) }
    )
  }

  /// An option that is unset unless given. The meaning says what unset stands for.
  init<Element: OptionValue>(
    name: NameSpecification = .long,
    _ meaning: String,
    value: String
  ) where Value == Element? {
    self.init(
      name: name,
      help: ArgumentHelp(stringLiteral: meaning).named(value),
      transform: { text in try Element(parsing: text) }
    )
  }

  /// An option that may be given several times. What is given replaces the default as a whole.
  init<Element: OptionValue>(
    wrappedValue: [Element],
    name: NameSpecification = .long,
    _ meaning: String,
    value: String
  ) where Value == [Element] {
    let defaults = wrappedValue.map(\.description).joined(separator: ", ")
    self.init(
      wrappedValue: wrappedValue,
      name: name,
      help: ArgumentHelp(
        defaults.isEmpty ? meaning : "\(meaning) (default: \(defaults))",
        valueName: value
      ),
      transform: { text in try Element(parsing: text) }
    )
  }

  /// A whole number within bounds.
  init(
    wrappedValue: Int,
    name: NameSpecification = .long,
    within bounds: ClosedRange<Int>,
    _ meaning: String,
    value: String = "number"
  ) where Value == Int {
    self.init(
      wrappedValue: wrappedValue,
      name: name,
      parsing: .unconditional,
      help: ArgumentHelp(
        "\(meaning) (\(bounds.lowerBound) to \(bounds.upperBound), default: \(wrappedValue))",
        valueName: value
      ),
      transform: { text in
        guard let number = Int(digits: text), bounds.contains(number) else {
          throw InvalidValue("it must be a whole number, \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
      }
    )
  }

  /// A span of time within bounds, in seconds.
  init(
    wrappedValue: Seconds,
    name: NameSpecification = .long,
    within bounds: ClosedRange<Seconds>,
    _ meaning: String
  ) where Value == Seconds {
    self.init(
      wrappedValue: wrappedValue,
      name: name,
      parsing: .unconditional,
      help: ArgumentHelp("\(meaning) (default: \(wrappedValue))", valueName: "seconds"),
      transform: { text in try Seconds(parsing: text, within: bounds) }
    )
  }

  /// The same, unset unless given. The meaning says what unset stands for.
  init(
    name: NameSpecification = .long,
    within bounds: ClosedRange<Seconds>,
    _ meaning: String
  ) where Value == Seconds? {
    self.init(
      name: name,
      parsing: .unconditional,
      help: ArgumentHelp(stringLiteral: meaning).named("seconds"),
      transform: { text in try Seconds(parsing: text, within: bounds) }
    )
  }

  /// The same for a size, in bytes.
  init(
    name: NameSpecification = .long,
    within bounds: ClosedRange<ByteCount>,
    _ meaning: String
  ) where Value == ByteCount? {
    self.init(
      name: name,
      parsing: .unconditional,
      help: ArgumentHelp(stringLiteral: meaning).named("bytes"),
      transform: { text in try ByteCount(parsing: text, within: bounds) }
    )
  }

  /// A size within bounds, in bytes.
  init(
    wrappedValue: ByteCount,
    name: NameSpecification = .long,
    within bounds: ClosedRange<ByteCount>,
    _ meaning: String
  ) where Value == ByteCount {
    self.init(
      wrappedValue: wrappedValue,
      name: name,
      parsing: .unconditional,
      help: ArgumentHelp("\(meaning) (default: \(wrappedValue))", valueName: "bytes"),
      transform: { text in try ByteCount(parsing: text, within: bounds) }
    )
  }
}

extension Seconds {
  fileprivate init(parsing text: String, within bounds: ClosedRange<Seconds>) throws(InvalidValue) {
    try self.init(parsing: text)
    guard bounds.contains(self) else {
      throw InvalidValue("it must be \(bounds.lowerBound) to \(bounds.upperBound) seconds")
    }
  }
}

extension ByteCount {
  fileprivate init(parsing text: String, within bounds: ClosedRange<ByteCount>) throws(InvalidValue) {
    try self.init(parsing: text)
    guard bounds.contains(self) else {
      throw InvalidValue("it must be \(bounds.lowerBound) to \(bounds.upperBound)")
    }
  }
}

extension ArgumentHelp {
  fileprivate func named(_ valueName: String) -> ArgumentHelp {
    var help = self
    help.valueName = valueName
    return help
  }
}

extension Int {
  /// A number written in ASCII digits alone: no sign, no white space, no overflow.
  init?(digits text: some StringProtocol) {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    self.init(text)
  }
}

/// The name of a header field: a token (RFC 9110, section 5.1).
package struct FieldName: OptionValue, Equatable {
  package let description: String

  package init(parsing text: String) throws(InvalidValue) {
    let isToken = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
    }
    guard isToken, !text.isEmpty else {
      throw InvalidValue("it must be the name of a header field, such as X-Api-Key")
    }
    self.description = text
  }
}

/// Any text but the empty one.
package struct NonEmptyText: OptionValue, Equatable {
  package let description: String

  package init(parsing text: String) throws(InvalidValue) {
    guard !text.isEmpty else { throw InvalidValue("it must not be empty") }
    self.description = text
  }
}
