/// A face told apart without any model.
public struct PortableFaceMessage: Codable, Hashable, Sendable {
  /// Of the file's bytes: 64 hexadecimal digits.
  public var contentSHA256: String
  /// Left, top, width and height, in units of the upright picture's width and height.
  public var box: [Double]

  public init(contentSHA256: String, box: [Double]) {
    self.contentSHA256 = contentSHA256
    self.box = box
  }

  enum CodingKeys: String, CodingKey {
    case contentSHA256 = "ContentSha256"
    case box = "Box"
  }
}

/// One line of a file of people.
public struct PeopleRecord: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, Sendable {
    /// Somebody; `Person` names them within the file.
    case person = "Person"
    /// The person's face.
    case face = "Face"
    /// A user said that it is no face.
    case notAFace = "NotAFace"
    /// A user said that the face is not this person's.
    case notThisPerson = "NotThisPerson"
    /// A user said that two faces show one person.
    case samePerson = "SamePerson"
    /// A user said that two faces show two people.
    case differentPeople = "DifferentPeople"
  }

  public var kind: Kind
  /// Who it is about: an ObjectId of the library that the file came from.
  public var person: String?
  public var name: String?
  public var customID: String?
  public var customLabels: [String: String]?
  public var birthDate: String?
  public var isHidden: Bool?
  public var isFavourite: Bool?
  public var isIgnored: Bool?
  /// One face, or two for what is said of two.
  public var faces: [PortableFaceMessage]?
  /// Whether a user said that this face is the person's; else the machine thinks so.
  public var isConfirmed: Bool?
  /// Whether a user chose this face as the person's cover.
  public var isCover: Bool?

  public init(
    _ kind: Kind, person: String? = nil, faces: [PortableFaceMessage]? = nil
  ) {
    self.kind = kind
    self.person = person
    self.faces = faces
  }

  enum CodingKeys: String, CodingKey {
    case kind = "Kind"
    case person = "Person"
    case name = "Name"
    case customID = "CustomId"
    case customLabels = "CustomLabels"
    case birthDate = "BirthDate"
    case isHidden = "Hidden"
    case isFavourite = "Favourite"
    case isIgnored = "Ignored"
    case faces = "Faces"
    case isConfirmed = "Confirmed"
    case isCover = "Cover"
  }
}

/// ExportPeople.
public struct ExportPeopleResult: Codable, Equatable, Sendable {
  public var people: [PeopleRecord]
  public var nextToken: String?

  public init(people: [PeopleRecord], nextToken: String?) {
    self.people = people
    self.nextToken = nextToken
  }

  enum CodingKeys: String, CodingKey {
    case people = "People"
    case nextToken = "NextToken"
  }
}

/// A statement of a file of people that contradicts what was said in the library.
public struct RefusedStatement: Codable, Equatable, Sendable {
  /// `Pin`, `Exclude`, `MustLink`, `CannotLink` or `NotAFace`.
  public var kind: String
  public var figureID: String
  public var otherFigureID: String?
  public var figureClusterID: String?
  /// What it contradicts, in words.
  public var reason: String

  public init(
    kind: String, figureID: String, otherFigureID: String?, figureClusterID: String?,
    reason: String
  ) {
    self.kind = kind
    self.figureID = figureID
    self.otherFigureID = otherFigureID
    self.figureClusterID = figureClusterID
    self.reason = reason
  }

  enum CodingKeys: String, CodingKey {
    case kind = "Kind"
    case figureID = "FigureId"
    case otherFigureID = "OtherFigureId"
    case figureClusterID = "FigureClusterId"
    case reason = "Reason"
  }
}

/// A person whom the library and a file of people call differently.
public struct KeptName: Codable, Equatable, Sendable {
  public var objectID: String
  /// In the library, where it stays.
  public var name: String
  public var nameInFile: String

  public init(objectID: String, name: String, nameInFile: String) {
    self.objectID = objectID
    self.name = name
    self.nameInFile = nameInFile
  }

  enum CodingKeys: String, CodingKey {
    case objectID = "ObjectId"
    case name = "Name"
    case nameInFile = "NameInFile"
  }
}

/// ImportPeople.
public struct ImportPeopleResult: Codable, Equatable, Sendable {
  /// People of the file that clusters were made for.
  public var peopleCreated = 0
  /// People of the file whose clusters were there.
  public var peopleReused = 0
  /// Names of people, or their ids, none of whose faces is in the library; at most 100.
  public var peopleNotFound: [String] = []
  /// Faces that the file names.
  public var faces = 0
  /// Those of them that the library has.
  public var facesMatched = 0
  public var statementsMade = 0
  /// Statements that contradict what was said in this library, which stands.
  public var statementsRefused = 0
  /// The first 100 of these.
  public var refusals: [RefusedStatement] = []
  /// People who had another name here, which they keep; at most 100.
  public var namesKept: [KeptName] = []
  public var change = IdentityChangeMessage(undoID: nil, dryRun: nil, event: nil)

  public init() {}

  enum CodingKeys: String, CodingKey {
    case peopleCreated = "PeopleCreated"
    case peopleReused = "PeopleReused"
    case peopleNotFound = "PeopleNotFound"
    case faces = "Faces"
    case facesMatched = "FacesMatched"
    case statementsMade = "StatementsMade"
    case statementsRefused = "StatementsRefused"
    case refusals = "Refusals"
    case namesKept = "NamesKept"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    peopleCreated = try container.decode(Int.self, forKey: .peopleCreated)
    peopleReused = try container.decode(Int.self, forKey: .peopleReused)
    peopleNotFound = try container.decode([String].self, forKey: .peopleNotFound)
    faces = try container.decode(Int.self, forKey: .faces)
    facesMatched = try container.decode(Int.self, forKey: .facesMatched)
    statementsMade = try container.decode(Int.self, forKey: .statementsMade)
    statementsRefused = try container.decode(Int.self, forKey: .statementsRefused)
    refusals = try container.decode([RefusedStatement].self, forKey: .refusals)
    namesKept = try container.decode([KeptName].self, forKey: .namesKept)
    change = try IdentityChangeMessage(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try change.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(peopleCreated, forKey: .peopleCreated)
    try container.encode(peopleReused, forKey: .peopleReused)
    try container.encode(peopleNotFound, forKey: .peopleNotFound)
    try container.encode(faces, forKey: .faces)
    try container.encode(facesMatched, forKey: .facesMatched)
    try container.encode(statementsMade, forKey: .statementsMade)
    try container.encode(statementsRefused, forKey: .statementsRefused)
    try container.encode(refusals, forKey: .refusals)
    try container.encode(namesKept, forKey: .namesKept)
  }
}
