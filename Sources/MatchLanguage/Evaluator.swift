/// What is known of one medium, for ``MatchExpression/matches(_:)``.
public struct MatchSubject: Sendable {
  private var values: [MatchField: [MatchValue]]

  /// - Parameter values: those of each field; none where a field is missing.
  public init(_ values: [MatchField: [MatchValue]]) { self.values = values }

  public subscript(_ field: MatchField) -> [MatchValue] { values[field] ?? [] }
}

extension MatchExpression {
  /// Whether a medium fulfils the Match: the definition that the database's answer is tested
  /// against.
  public func matches(_ subject: MatchSubject) -> Bool {
    switch self {
    case .condition(let condition): condition.matches(subject[condition.field])
    case .not(let inner): !inner.matches(subject)
    case .all(let parts): parts.allSatisfy { $0.matches(subject) }
    case .any(let parts): parts.contains { $0.matches(subject) }
    }
  }

  /// The conditions, in the order of the text.
  public var conditions: [MatchCondition] {
    switch self {
    case .condition(let condition): [condition]
    case .not(let inner): inner.conditions
    case .all(let parts), .any(let parts): parts.flatMap(\.conditions)
    }
  }
}

extension MatchCondition {
  func matches(_ values: [MatchValue]) -> Bool {
    switch test {
    case .equal(let wanted): values.contains { $0.isExactly(wanted) }
    case .different(let unwanted): !values.contains { $0.isExactly(unwanted) }
    case .contains(let text): values.contains { $0.contains(text) }
    case .anyOf(let wanted) where field.kind == .prose:
      values.contains { value in
        wanted.contains { if case .text(let text) = $0 { value.contains(text) } else { false } }
      }
    case .anyOf(let wanted):
      values.contains { value in wanted.contains { value.isExactly($0) } }
    case .allOf(let wanted) where field.kind == .prose:
      wanted.allSatisfy { wanted in
        values.contains { if case .text(let text) = wanted { $0.contains(text) } else { false } }
      }
    case .allOf(let wanted):
      wanted.allSatisfy { wanted in values.contains { $0.isExactly(wanted) } }
    case .within(let range):
      values.contains { if case .number(let number) = $0 { range.contains(number) } else { false } }
    case .exists: !values.isEmpty
    }
  }
}

extension MatchValue {
  /// Whether both are the same text, byte by byte, or the same number.
  func isExactly(_ other: MatchValue) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    case (.number(let left), .number(let right)): left == right
    case (.text, .number), (.number, .text): false
    }
  }

  /// Whether this is a text with `part` in it, letters A to Z without regard to case.
  func contains(_ part: String) -> Bool {
    guard case .text(let text) = self else { return false }
    let (whole, part) = (text.foldedASCII, part.foldedASCII)
    guard part.count <= whole.count else { return false }
    return (0...(whole.count - part.count)).contains { whole[$0...].starts(with: part) }
  }
}

extension String {
  /// The text's bytes with A to Z as small letters.
  fileprivate var foldedASCII: [UInt8] {
    utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
  }
}
