/// A question whose answer would settle where faces belong.
public struct SuggestionMessage: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Do the two clusters show one person?
    case join = "Join"
    /// Does the cluster show one person, the figures among them?
    case split = "Split"
    /// Does the figure, which waits, show the cluster's person?
    case place = "Place"
  }

  public enum Answer: String, Codable, Sendable, CaseIterable {
    case same = "Same"
    case different = "Different"
    /// Changes nothing.
    case unsure = "Unsure"
  }

  public var kind: Kind
  /// Why it is asked: `NearlySimilar`, `TwoModes` or `OnePhotograph`.
  public var reason: String
  /// Two clusters for `Join`, one otherwise.
  public var objectIDs: [String]
  /// The names of these, empty for one without.
  public var names: [String]
  /// The faces of these.
  public var faceCounts: [Int]
  /// The part that may be somebody else for `Split`, the figure that waits for `Place`; else empty.
  public var figureIDs: [String]
  /// Two faces to look at, one of each side.
  public var exemplars: [String]
  public var averageSimilarity: Double
  public var neededSimilarity: Double
  /// That both sides show one person, in 0…1.
  public var probability: Double
  /// How many faces another answer than the machine's would move.
  public var facesSettled: Int
  /// What the list is sorted by.
  public var score: Double

  public init(
    kind: Kind, reason: String, objectIDs: [String], names: [String], faceCounts: [Int],
    figureIDs: [String], exemplars: [String], averageSimilarity: Double, neededSimilarity: Double,
    probability: Double, facesSettled: Int, score: Double
  ) {
    self.kind = kind
    self.reason = reason
    self.objectIDs = objectIDs
    self.names = names
    self.faceCounts = faceCounts
    self.figureIDs = figureIDs
    self.exemplars = exemplars
    self.averageSimilarity = averageSimilarity
    self.neededSimilarity = neededSimilarity
    self.probability = probability
    self.facesSettled = facesSettled
    self.score = score
  }

  enum CodingKeys: String, CodingKey {
    case kind = "Kind"
    case reason = "Reason"
    case objectIDs = "ObjectIds"
    case names = "Names"
    case faceCounts = "FaceCounts"
    case figureIDs = "FigureIds"
    case exemplars = "Exemplars"
    case averageSimilarity = "AverageSimilarity"
    case neededSimilarity = "NeededSimilarity"
    case probability = "Probability"
    case facesSettled = "FacesSettled"
    case score = "Score"
  }
}

/// ListFigureClusterSuggestions.
public struct ListSuggestionsResult: Codable, Equatable, Sendable {
  /// By falling score.
  public var suggestions: [SuggestionMessage]

  public init(suggestions: [SuggestionMessage]) { self.suggestions = suggestions }

  enum CodingKeys: String, CodingKey { case suggestions = "Suggestions" }
}
