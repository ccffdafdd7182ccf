/// A command line that the program cannot make sense of.
public struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What programs conventionally exit with after wrong usage.
  public static let exitStatus: Int32 = 2

  /// The program and the commands that were recognised, such as `figurectl search`.
  public let command: String
  /// What is wrong, with a suggestion where there is one.
  public let message: String

  public var description: String {
    "\(command): \(message)\nTry “\(command) --help”."
  }
}
