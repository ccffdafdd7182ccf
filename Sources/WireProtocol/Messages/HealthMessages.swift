/// A kind of thing that should never be, with how often it is.
public struct HealthProblemMessage: Codable, Equatable, Sendable {
  /// Never changes its meaning, such as `StatementContradicted`.
  public var code: String
  /// What is wrong, in a sentence.
  public var message: String
  public var count: Int
  /// Up to ten of them: identifiers, or what SQLite says.
  public var examples: [String]
  /// What `Repair` does about it; absent if it can do nothing.
  public var remedy: String?
  /// How many were mended; absent unless asked for.
  public var repaired: Int?

  public init(
    code: String, message: String, count: Int, examples: [String], remedy: String?, repaired: Int?
  ) {
    self.code = code
    self.message = message
    self.count = count
    self.examples = examples
    self.remedy = remedy
    self.repaired = repaired
  }

  enum CodingKeys: String, CodingKey {
    case code = "Code"
    case message = "Message"
    case count = "Count"
    case examples = "Examples"
    case remedy = "Remedy"
    case repaired = "Repaired"
  }
}

/// CheckHealth.
public struct CheckHealthResult: Codable, Equatable, Sendable {
  /// Empty if all is well.
  public var problems: [HealthProblemMessage]
  /// What was looked at.
  public var media: Int
  public var figures: Int
  public var clusters: Int
  public var statements: Int

  public init(
    problems: [HealthProblemMessage], media: Int, figures: Int, clusters: Int, statements: Int
  ) {
    self.problems = problems
    self.media = media
    self.figures = figures
    self.clusters = clusters
    self.statements = statements
  }

  enum CodingKeys: String, CodingKey {
    case problems = "Problems"
    case media = "Media"
    case figures = "Figures"
    case clusters = "FigureClusters"
    case statements = "Statements"
  }
}
