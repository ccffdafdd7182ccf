/// What a Match says: conditions on a medium, and how they are joined.
///
/// The tree keeps the parentheses of the text: `(a and b) and c` is not `a and b and c`. So a tree
/// that is printed and parsed again is the same tree.
public indirect enum MatchExpression: Hashable, Sendable {
  case condition(MatchCondition)
  case not(MatchExpression)
  /// All of at least two.
  case all([MatchExpression])
  /// Any of at least two.
  case any([MatchExpression])
}

/// One field of a medium and what is asked of it.
public struct MatchCondition: Hashable, Sendable {
  public var field: MatchField
  public var test: MatchTest

  public init(_ field: MatchField, _ test: MatchTest) {
    self.field = field
    self.test = test
  }
}

/// What is asked of a field.
///
/// A field has no value, one, or several (tags, people). A test holds if it holds for one of them;
/// so it never holds for a field without a value, except `different`.
public enum MatchTest: Hashable, Sendable {
  /// `==`
  case equal(MatchValue)
  /// `!=`: no value is equal.
  case different(MatchValue)
  /// `=` with a text: a value contains it, letters A to Z without regard to case.
  case contains(String)
  /// `in (…)`; in fields of free text a value contains one of them.
  case anyOf([MatchValue])
  /// `together with (…)`: each of them is among the values.
  case allOf([MatchValue])
  /// `<`, `<=`, `>`, `>=`, or `=` with brackets.
  case within(MatchRange)
  /// `exists field`.
  case exists
}

/// A text or a number.
public enum MatchValue: Hashable, Sendable {
  case text(String)
  /// Exact for integers up to 2⁵³.
  case number(Double)
}

/// Numbers between two ends, of which one may be missing.
public struct MatchRange: Hashable, Sendable {
  /// An end, and whether it belongs to the range.
  public struct End: Hashable, Sendable {
    public var value: Double
    public var isIncluded: Bool

    public init(_ value: Double, isIncluded: Bool) {
      self.value = value
      self.isIncluded = isIncluded
    }
  }

  public var lower: End?
  public var upper: End?

  public init(lower: End?, upper: End?) {
    self.lower = lower
    self.upper = upper
  }

  /// Whether `number` lies in the range.
  public func contains(_ number: Double) -> Bool {
    if let lower, number < lower.value || (number == lower.value && !lower.isIncluded) {
      return false
    }
    if let upper, number > upper.value || (number == upper.value && !upper.isIncluded) {
      return false
    }
    return true
  }
}
