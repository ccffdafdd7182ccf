/// A flag, an option with a value or an operand, with the type that it has in the program.
///
/// It is declared once, listed in its ``Command``, and then used to ask ``ParsedArguments``:
///
/// ```swift
/// static let limit: Argument<Int> = .option("limit", value: "N", default: 10, help: "…")
/// // later
/// let limit = arguments[limit]
/// ```
public struct Argument<Value: Sendable>: Sendable {
  public let declaration: ArgumentDeclaration
  /// Turns the words that were given into the value; the parser calls it, so that mistakes are
  /// found before the program runs.
  let decode: @Sendable ([String]) throws(UnacceptableWord) -> Value
}

/// A word that is no value of the argument's type.
struct UnacceptableWord: Error, Equatable {
  let word: String
  let expectation: String
}

/// What help, completion and the manual say about an argument.
public struct ArgumentDeclaration: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// An option without a value.
    case flag
    /// An option with a value.
    case option(isRepeatable: Bool, isRequired: Bool)
    /// A word that is no option; `maximum` is `nil` for any number.
    case operand(minimum: Int, maximum: Int?)
  }

  /// What a shell offers for the value.
  public enum Completion: Sendable, Hashable {
    case nothing
    case file
    case directory
    case words([String])
  }

  public let kind: Kind
  /// The long name without dashes, or the operand's name in the help text.
  public let name: String
  public let short: Character?
  /// How the help text calls the value.
  public let valueName: String
  public let help: String
  public let defaultText: String?
  public let completion: Completion

  var isOperand: Bool {
    if case .operand = kind { return true }
    return false
  }

  var takesValue: Bool {
    if case .option = kind { return true }
    return false
  }
}

/// Any ``Argument``, whatever its type.
public protocol ArgumentDeclaring: Sendable {
  var declaration: ArgumentDeclaration { get }
  /// The value as it will be asked for.
  func decodeAny(_ words: [String]) throws -> any Sendable
}

extension Argument: ArgumentDeclaring {
  public func decodeAny(_ words: [String]) throws -> any Sendable { try decode(words) }
}

// MARK: Options

extension Argument where Value == Bool {
  /// An option without a value: `true` if it is given.
  public static func flag(_ name: String, short: Character? = nil, help: String) -> Argument {
    Argument(
      declaration: ArgumentDeclaration(
        kind: .flag, name: name, short: short, valueName: "", help: help, defaultText: nil,
        completion: .nothing),
      decode: { words in !words.isEmpty })
  }
}

extension Argument {
  /// An option that may be left out.
  public static func option<Word: CommandLineValue>(
    _ name: String, short: Character? = nil, value: String, help: String,
    completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value == Word? {
    Argument(
      declaration: .option(
        Word.self, name, short: short, value: value, help: help, completion: completion),
      decode: { words throws(UnacceptableWord) in try words.last.map(decodeWord) })
  }

  /// An option that has a value even when it is left out.
  public static func option(
    _ name: String, short: Character? = nil, value: String, default defaultValue: Value,
    help: String, completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value: CommandLineValue {
    Argument(
      declaration: .option(
        Value.self, name, short: short, value: value, help: help, completion: completion,
        defaultText: defaultValue.commandLineWord),
      decode: { words throws(UnacceptableWord) in
        try words.last.map(decodeWord) ?? defaultValue
      })
  }

  /// An option that must be given.
  public static func requiredOption(
    _ name: String, short: Character? = nil, value: String, help: String,
    completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value: CommandLineValue {
    Argument(
      declaration: .option(
        Value.self, name, short: short, value: value, help: help, completion: completion,
        isRequired: true),
      decode: { words throws(UnacceptableWord) in try decodeWord(words.last ?? "") })
  }

  /// An option that may be given many times; the values keep their order.
  public static func repeatedOption<Word: CommandLineValue>(
    _ name: String, short: Character? = nil, value: String, help: String,
    completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value == [Word] {
    Argument(
      declaration: .option(
        Word.self, name, short: short, value: value, help: help, completion: completion,
        isRepeatable: true),
      decode: decodeWords)
  }
}

// MARK: Operands

extension Argument {
  /// A word that must be given.
  public static func operand(
    _ name: String, help: String, completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value: CommandLineValue {
    Argument(
      declaration: .operand(
        Value.self, name, help: help, completion: completion, minimum: 1, maximum: 1),
      decode: { words throws(UnacceptableWord) in try decodeWord(words.last ?? "") })
  }

  /// A word that may be left out.
  public static func optionalOperand<Word: CommandLineValue>(
    _ name: String, help: String, completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value == Word? {
    Argument(
      declaration: .operand(
        Word.self, name, help: help, completion: completion, minimum: 0, maximum: 1),
      decode: { words throws(UnacceptableWord) in try words.last.map(decodeWord) })
  }

  /// Any number of words, but not fewer than `minimum`; the last operand of its command.
  public static func operands<Word: CommandLineValue>(
    _ name: String, atLeast minimum: Int = 0, help: String,
    completion: ArgumentDeclaration.Completion? = nil
  ) -> Argument where Value == [Word] {
    Argument(
      declaration: .operand(
        Word.self, name, help: help, completion: completion, minimum: minimum, maximum: nil),
      decode: decodeWords)
  }
}

extension ArgumentDeclaration {
  fileprivate static func option<Word: CommandLineValue>(
    _ type: Word.Type, _ name: String, short: Character?, value: String, help: String,
    completion: Completion?, defaultText: String? = nil, isRepeatable: Bool = false,
    isRequired: Bool = false
  ) -> ArgumentDeclaration {
    ArgumentDeclaration(
      kind: .option(isRepeatable: isRepeatable, isRequired: isRequired), name: name, short: short,
      valueName: value, help: help, defaultText: defaultText,
      completion: completion ?? .choices(of: type))
  }

  fileprivate static func operand<Word: CommandLineValue>(
    _ type: Word.Type, _ name: String, help: String, completion: Completion?, minimum: Int,
    maximum: Int?
  ) -> ArgumentDeclaration {
    ArgumentDeclaration(
      kind: .operand(minimum: minimum, maximum: maximum), name: name, short: nil, valueName: name,
      help: help, defaultText: nil, completion: completion ?? .choices(of: type))
  }
}

extension ArgumentDeclaration.Completion {
  fileprivate static func choices<Word: CommandLineValue>(of type: Word.Type) -> Self {
    type.choices.isEmpty ? .nothing : .words(type.choices)
  }
}

private func decodeWord<Word: CommandLineValue>(_ word: String) throws(UnacceptableWord) -> Word {
  guard let value = Word(commandLineWord: word) else {
    throw UnacceptableWord(word: word, expectation: Word.expectation)
  }
  return value
}

@Sendable
private func decodeWords<Word: CommandLineValue>(
  _ words: [String]
) throws(UnacceptableWord) -> [Word] {
  var values: [Word] = []
  for word in words { values.append(try decodeWord(word)) }
  return values
}
