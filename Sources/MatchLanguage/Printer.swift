extension MatchExpression: CustomStringConvertible {
  /// The Match that this tree is read from, with single spaces and parentheses where they matter.
  public var description: String {
    switch self {
    case .condition(let condition): condition.description
    case .not(let inner): "not " + inner.asOperand
    case .all(let parts): parts.map(\.asOperand).joined(separator: " and ")
    case .any(let parts): parts.map(\.asOperand).joined(separator: " or ")
    }
  }

  private var asOperand: String {
    switch self {
    case .condition, .not: description
    case .all, .any: "(\(description))"
    }
  }
}

extension MatchCondition: CustomStringConvertible {
  public var description: String {
    switch test {
    case .equal(let value): "\(field.name) == \(value)"
    case .different(let value): "\(field.name) != \(value)"
    case .contains(let text): "\(field.name) = \(text.quotedForMatch)"
    case .anyOf(let values): "\(field.name) in \(values.asList)"
    case .allOf(let values): "\(field.name) together with \(values.asList)"
    case .within(let range): "\(field.name) = \(range)"
    case .exists: "exists \(field.name)"
    }
  }
}

extension MatchValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .text(let text): text.quotedForMatch
    case .number(let number): number.shortest
    }
  }
}

extension MatchRange: CustomStringConvertible {
  /// In brackets, an open end left empty; an end that is missing stands beside a parenthesis.
  public var description: String {
    (lower?.isIncluded == true ? "[" : "(") + (lower?.value.shortest ?? "") + ", "
      + (upper?.value.shortest ?? "") + (upper?.isIncluded == true ? "]" : ")")
  }
}

extension [MatchValue] {
  fileprivate var asList: String { "(" + map(\.description).joined(separator: ", ") + ")" }
}
