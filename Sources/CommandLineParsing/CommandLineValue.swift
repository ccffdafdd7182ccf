/// A type that words of a command line can be turned into.
public protocol CommandLineValue: Sendable {
  /// Reads a word; `nil` if it is none of the type's values.
  init?(commandLineWord word: String)
  /// Completes “expected …” in an error message.
  static var expectation: String { get }
  /// All values, if they are few; offered by completion and named in the help text.
  static var choices: [String] { get }
  /// How a default is shown.
  var commandLineWord: String { get }
}

extension CommandLineValue {
  public static var choices: [String] { [] }
}

extension String: CommandLineValue {
  public init?(commandLineWord word: String) { self = word }
  public static var expectation: String { "text" }
  public var commandLineWord: String { self }
}

extension Int: CommandLineValue {
  public init?(commandLineWord word: String) { self.init(word) }
  public static var expectation: String { "a whole number" }
  public var commandLineWord: String { "\(self)" }
}

extension Double: CommandLineValue {
  public init?(commandLineWord word: String) {
    guard let value = Double(word), value.isFinite else { return nil }
    self = value
  }
  public static var expectation: String { "a number" }
  public var commandLineWord: String { "\(self)" }
}

/// Enumerations of words get the rest for nothing.
extension CommandLineValue where Self: RawRepresentable<String> & CaseIterable {
  public init?(commandLineWord word: String) { self.init(rawValue: word) }
  public static var expectation: String { "one of " + choices.joined(separator: ", ") }
  public static var choices: [String] { allCases.map(\.rawValue) }
  public var commandLineWord: String { rawValue }
}
