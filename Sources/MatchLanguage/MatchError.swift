/// Why a Match could not be read.
public struct MatchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The character at fault, counted from 1; one beyond the last if something is missing there.
  public let column: Int
  /// What is wrong, as part of a sentence.
  public let problem: String
  /// What to do about it; `nil` where `problem` says it.
  public let hint: String?

  init(column: Int, _ problem: String, hint: String? = nil) {
    self.column = column
    self.problem = problem
    self.hint = hint
  }

  public var description: String { "column \(column): \(problem)" }
}
