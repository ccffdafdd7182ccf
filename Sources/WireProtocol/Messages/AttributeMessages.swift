/// How many stored faces the networks of attributes were asked about.
public struct AttributeStatusResult: Codable, Equatable, Sendable {
  /// What is found out: `age`, `gender`, `expression`, `mesh`, as far as switched on and installed.
  public var attributes: [String]
  /// Faces of all libraries.
  public var figures: Int
  /// Those about which all of this was asked.
  public var described: Int
  /// Those about which it is still to be asked.
  public var open: Int
  /// Faces about which it cannot be asked, by what is in the way: `NoPath`, `Unreadable`, `Changed`,
  /// `Undecodable`, `FaceNotFound`, `NoPicture`.
  public var notDescribed: [String: Int]

  public init(
    attributes: [String], figures: Int, described: Int, open: Int, notDescribed: [String: Int]
  ) {
    self.attributes = attributes
    self.figures = figures
    self.described = described
    self.open = open
    self.notDescribed = notDescribed
  }

  enum CodingKeys: String, CodingKey {
    case attributes = "Attributes"
    case figures = "Figures"
    case described = "Described"
    case open = "Open"
    case notDescribed = "NotDescribed"
  }
}
