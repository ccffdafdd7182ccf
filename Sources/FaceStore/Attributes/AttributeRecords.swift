public import FaceTypes

/// What came of asking networks of attributes about one stored figure.
public struct FigureDescription: Hashable, Sendable {
  public let figure: FigureID
  /// The networks that were asked, with what they said; `nil` if they could not be.
  public let attributes: FaceAttributes?
  /// Why they could not be asked; the store does not look into it.
  public let obstacle: String?

  public init(figure: FigureID, attributes: FaceAttributes?, obstacle: String?) {
    self.figure = figure
    self.attributes = attributes
    self.obstacle = obstacle
  }
}

/// How many figures some networks were asked about.
public struct AttributeExtent: Hashable, Sendable {
  /// Figures of all libraries.
  public var figures = 0
  /// Those that all of the networks were asked about.
  public var described = 0
  /// Those that they cannot be asked about, by what is in the way.
  public var obstacles: [String: Int] = [:]

  public init() {}

  /// Figures that the networks are still to be asked about.
  public var open: Int { figures - described - obstacles.values.reduce(0, +) }
}

extension FaceAttributes {
  /// What is known after further networks were asked: what they are not about stays.
  func completed(by later: FaceAttributes) -> FaceAttributes {
    var result = self
    for kind in later.models.keys {
      result.models[kind] = later.models[kind]
      switch kind {
      case .age: result.age = later.age
      case .gender: result.gender = later.gender
      case .expression: result.emotion = later.emotion
      case .mesh: (result.pose, result.mouth) = (later.pose, later.mouth)
      }
    }
    return result
  }
}
