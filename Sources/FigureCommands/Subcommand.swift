package import CommandLineParsing
internal import FaceClient

/// One command of figurectl: how it is written, and what it does.
package protocol Subcommand: Sendable {
  /// Name, arguments and help; completion and manual are made from it.
  static var declaration: Command { get }
  /// Takes its values from a command line that names it.
  init(_ arguments: ParsedArguments)
  /// Does its work; throws what ``ExitCode`` knows.
  func run(in context: CommandContext) throws
}

/// Arguments that several commands have.
enum SharedArguments {
  static let library: Argument<String> = .option(
    "library", short: "l", value: "NAME", default: LibraryName.standard, help: "Which library.")
  static let person: Argument<String> = .operand(
    "PERSON", help: "The ID, at least four digits of its beginning, or the name.")
  static let task: Argument<String> = .operand(
    "TASK", help: "The TaskId, or at least four digits of its beginning.")
  static let image: Argument<String> = .operand("IMAGE", help: "An image file.", completion: .file)
}

/// A whole number within bounds, as an option's value.
protocol BoundedNumber: CommandLineValue {
  static var range: ClosedRange<Int> { get }
  var value: Int { get }
  init(value: Int)
}

extension BoundedNumber {
  init?(commandLineWord word: String) {
    guard let value = Int(word), Self.range.contains(value) else { return nil }
    self.init(value: value)
  }

  static var expectation: String {
    "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }

  var commandLineWord: String { "\(value)" }
}
