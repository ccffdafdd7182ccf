public import FaceTypes

/// What the faces of a cluster together say of a person.
public struct ClusterAttributes: Hashable, Sendable {
  /// `nil` if no face was asked about.
  public var gender: Gender?
  /// Years, as are the others; of clear faces where there are any.
  public var averageAge: Float?
  public var minimumAge: Float?
  public var maximumAge: Float?

  public init(
    gender: Gender? = nil, averageAge: Float? = nil, minimumAge: Float? = nil,
    maximumAge: Float? = nil
  ) {
    self.gender = gender
    self.averageAge = averageAge
    self.minimumAge = minimumAge
    self.maximumAge = maximumAge
  }

  /// What the database says of a cluster with these figures.
  public init(of figures: [FigureRecord]) {
    var vote: Float?
    for figure in figures {
      guard let gender = figure.attributes?.gender else { continue }
      let weight = gender.confidence * max(figure.quality.value, Self.leastWeight)
      vote = (vote ?? 0) + (gender.value == .female ? weight : -weight)
    }
    let aged = figures.filter { $0.attributes?.age != nil }
    let clear = aged.filter(\.quality.mayFound)
    let ages = (clear.isEmpty ? aged : clear).compactMap { $0.attributes?.age?.years }
    self.init(
      gender: vote.map { $0 > 0 ? .female : .male },
      averageAge: ages.isEmpty ? nil : ages.reduce(0, +) / Float(ages.count),
      minimumAge: ages.min(), maximumAge: ages.max())
  }

  /// A face that can hardly be recognised has a say where there is no other.
  static let leastWeight: Float = 0.01
}
