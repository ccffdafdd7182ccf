/// A collection of enrolled people, in the reference's terms a recognition library.
public struct RecognitionLibMessage: Codable, Equatable, Sendable {
  public var libID: String
  public var libName: String
  public var libDescription: String?
  /// Always `face`.
  public var algorithm = "face"
  public var entityTotal: Int
  public var createTime: String

  public init(
    libID: String, libName: String, libDescription: String?, entityTotal: Int, createTime: String
  ) {
    self.libID = libID
    self.libName = libName
    self.libDescription = libDescription
    self.entityTotal = entityTotal
    self.createTime = createTime
  }

  enum CodingKeys: String, CodingKey {
    case libID = "LibId"
    case libName = "LibName"
    case libDescription = "LibDescription"
    case algorithm = "Algorithm"
    case entityTotal = "EntityTotal"
    case createTime = "CreateTime"
  }
}

/// A person enrolled by example.
public struct EntityMessage: Codable, Equatable, Sendable {
  public var entityID: String
  public var entityName: String
  /// JSON of the user's own.
  public var entityInfo: String?
  /// `celebrity`, `sensitive`, `politician`, `custom` or `unknown`.
  public var category: String
  public var sampleTotal: Int
  public var createTime: String

  public init(
    entityID: String, entityName: String, entityInfo: String?, category: String, sampleTotal: Int,
    createTime: String
  ) {
    self.entityID = entityID
    self.entityName = entityName
    self.entityInfo = entityInfo
    self.category = category
    self.sampleTotal = sampleTotal
    self.createTime = createTime
  }

  enum CodingKeys: String, CodingKey {
    case entityID = "EntityId"
    case entityName = "EntityName"
    case entityInfo = "EntityInfo"
    case category = "Category"
    case sampleTotal = "SampleTotal"
    case createTime = "CreateTime"
  }
}

/// A picture of an enrolled person.
public struct SampleMessage: Codable, Equatable, Sendable {
  public var sampleID: String
  public var labelPrompt: String?
  public var faceQuality: Double
  public var createTime: String

  public init(sampleID: String, labelPrompt: String?, faceQuality: Double, createTime: String) {
    self.sampleID = sampleID
    self.labelPrompt = labelPrompt
    self.faceQuality = faceQuality
    self.createTime = createTime
  }

  enum CodingKeys: String, CodingKey {
    case sampleID = "SampleId"
    case labelPrompt = "LabelPrompt"
    case faceQuality = "FaceQuality"
    case createTime = "CreateTime"
  }
}

/// CreateRecognitionLib.
public struct RecognitionLibResult: Codable, Equatable, Sendable {
  public var libID: String
  public init(libID: String) { self.libID = libID }
  enum CodingKeys: String, CodingKey { case libID = "LibId" }
}

/// ListRecognitionLibs.
public struct ListRecognitionLibsResult: Codable, Equatable, Sendable {
  public var libs: [RecognitionLibMessage]
  public var total: Int

  public init(libs: [RecognitionLibMessage], total: Int) {
    self.libs = libs
    self.total = total
  }

  enum CodingKeys: String, CodingKey {
    case libs = "Libs"
    case total = "Total"
  }
}

/// CreateRecognitionEntity and UpdateRecognitionEntity.
public struct EntityResult: Codable, Equatable, Sendable {
  public var entityID: String
  public var entity: EntityMessage

  public init(entity: EntityMessage) {
    entityID = entity.entityID
    self.entity = entity
  }

  enum CodingKeys: String, CodingKey {
    case entityID = "EntityId"
    case entity = "Entity"
  }
}

/// ListRecognitionEntities.
public struct ListEntitiesResult: Codable, Equatable, Sendable {
  public var entities: [EntityMessage]
  public var total: Int

  public init(entities: [EntityMessage], total: Int) {
    self.entities = entities
    self.total = total
  }

  enum CodingKeys: String, CodingKey {
    case entities = "Entities"
    case total = "Total"
  }
}

/// CreateRecognitionSample.
public struct SampleResult: Codable, Equatable, Sendable {
  public var sampleID: String
  /// The face that was enrolled.
  public var figure: FigureMessage

  public init(sampleID: String, figure: FigureMessage) {
    self.sampleID = sampleID
    self.figure = figure
  }

  enum CodingKeys: String, CodingKey {
    case sampleID = "SampleId"
    case figure = "Figure"
  }
}

/// ListRecognitionSamples.
public struct ListSamplesResult: Codable, Equatable, Sendable {
  public var samples: [SampleMessage]
  public var total: Int

  public init(samples: [SampleMessage], total: Int) {
    self.samples = samples
    self.total = total
  }

  enum CodingKeys: String, CodingKey {
    case samples = "Samples"
    case total = "Total"
  }
}

/// RecognizeFaces.
public struct RecognizeFacesResult: Codable, Equatable, Sendable {
  /// Those of the image, as DetectImageFaces lists them.
  public var faces: [RecognizedFace]
  /// How many people the faces were compared with.
  public var entityTotal: Int
  /// For one stranger and one enrolled person, as it was asked for.
  public var falseAcceptRate: Double
  /// For one stranger and everybody enrolled: one minus the chance of passing them all.
  public var falseAcceptRateOfFace: Double
  /// The cosine that belongs to the rate, for a person with one sample.
  public var minimumCosine: Double

  public init(
    faces: [RecognizedFace], entityTotal: Int, falseAcceptRate: Double,
    falseAcceptRateOfFace: Double, minimumCosine: Double
  ) {
    self.faces = faces
    self.entityTotal = entityTotal
    self.falseAcceptRate = falseAcceptRate
    self.falseAcceptRateOfFace = falseAcceptRateOfFace
    self.minimumCosine = minimumCosine
  }

  enum CodingKeys: String, CodingKey {
    case faces = "Faces"
    case entityTotal = "EntityTotal"
    case falseAcceptRate = "FalseAcceptRate"
    case falseAcceptRateOfFace = "FalseAcceptRateOfFace"
    case minimumCosine = "MinimumCosine"
  }
}

/// A face, and whom it shows.
public struct RecognizedFace: Codable, Equatable, Sendable {
  public var boundary: Boundary
  /// Absent for an unknown face.
  public var entityID: String?
  public var labelName: String?
  /// `unknown` for an unknown face.
  public var category: String
  /// The probability in 0…1 that it is the person; absent for an unknown face.
  public var score: Double?
  public var cosine: Double?

  public init(boundary: Boundary, category: String) {
    self.boundary = boundary
    self.category = category
  }

  enum CodingKeys: String, CodingKey {
    case boundary = "Boundary"
    case entityID = "EntityId"
    case labelName = "LabelName"
    case category = "Category"
    case score = "Score"
    case cosine = "Cosine"
  }
}
