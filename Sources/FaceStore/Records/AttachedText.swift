/// What a text that somebody attached to a medium is.
public enum AttachedTextKind: String, Hashable, Sendable, CaseIterable {
  /// Letters that are to be seen in it.
  case ocr
  /// Words that are to be heard in it.
  case speech
  /// Something that it shows, by its name.
  case label
  /// What it shows, in sentences.
  case caption
}

/// A text about a medium that others have made: the store keeps it and finds by it.
public struct AttachedText: Hashable, Sendable {
  public var kind: AttachedTextKind
  /// The text; of a label its name.
  public var content: String
  /// Of a label: such as `Object`, in the words of whoever attached it.
  public var labelType: String?
  public var labelCategory: String?
  public var labelID: String?
  /// Who or what made it.
  public var source: String?
  /// How sure its maker was, in 0…1.
  public var score: Double?
  /// When it begins, in seconds from the medium's beginning.
  public var start: Double?
  /// When it ends, in seconds.
  public var end: Double?
  /// A moment for which it stands, in seconds.
  public var moment: Double?

  public init(
    kind: AttachedTextKind, content: String, labelType: String? = nil,
    labelCategory: String? = nil, labelID: String? = nil, source: String? = nil,
    score: Double? = nil, start: Double? = nil, end: Double? = nil, moment: Double? = nil
  ) {
    self.kind = kind
    self.content = content
    self.labelType = labelType
    self.labelCategory = labelCategory
    self.labelID = labelID
    self.source = source
    self.score = score
    self.start = start
    self.end = end
    self.moment = moment
  }
}
