/// Everything that is wrong with a configuration file.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One mistake.
  public struct Problem: Equatable, Sendable {
    /// From 1; `nil` for what concerns the file as a whole.
    public let line: Int?
    /// What is wrong and what would be right.
    public let message: String
  }

  public let file: String
  /// In the order of the lines; never empty.
  public let problems: [Problem]

  /// A line for each problem, in the form that editors jump to.
  public var description: String {
    problems.map { problem in
      guard let line = problem.line else { return "\(file): \(problem.message)" }
      return "\(file):\(line): \(problem.message)"
    }.joined(separator: "\n")
  }
}
