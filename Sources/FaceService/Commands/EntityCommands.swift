internal import Clustering
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Glibc
internal import WireProtocol

extension EntityRecord {
  fileprivate var message: EntityMessage {
    EntityMessage(
      entityID: publicID.hexadecimal, entityName: name, entityInfo: info,
      category: category.rawValue, sampleTotal: sampleCount, createTime: created.iso8601)
  }
}

extension Parameters {
  fileprivate static let identifierForm = "an identifier of 32 hexadecimal digits"

  /// An identifier of 32 hexadecimal digits; empty text counts as absent.
  fileprivate func hexadecimal(_ name: String) throws(WireError) -> PublicIdentifier? {
    guard let text = try string(name, limit: 64), !text.isEmpty else { return nil }
    guard let identifier = PublicIdentifier(text) else { throw invalid(name, Self.identifierForm) }
    return identifier
  }

  fileprivate func falseAcceptRate() throws(WireError) -> Double {
    try number("FalseAcceptRate", in: FalseAcceptCalibration.rates) ?? EnrolledPeople.standardRate
  }
}

extension Snapshot {
  /// The enrolled person that a parameter names; `nil` without one.
  func entity(
    _ parameters: Parameters, _ name: String = "EntityId"
  ) throws -> EntityRecord? {
    guard let text = try parameters.string(name, limit: 64), !text.isEmpty else { return nil }
    guard let identifier = PublicIdentifier(text),
      let entity = try entity(withPublicID: identifier)
    else {
      throw WireError(
        .resourceNotFound, "There is no entity \(JSONValue.string(text).shown).", field: name,
        hint: "ListRecognitionEntities names those of a RecognitionLib.")
    }
    return entity
  }

  fileprivate func existingEntity(_ parameters: Parameters) throws -> EntityRecord {
    guard let entity = try entity(parameters) else {
      throw parameters.missing("EntityId", Parameters.identifierForm)
    }
    return entity
  }

  fileprivate func recognitionLibrary(_ parameters: Parameters) throws -> RecognitionLibraryRecord {
    guard let identifier = try parameters.hexadecimal("LibId") else {
      throw parameters.missing("LibId", Parameters.identifierForm)
    }
    guard let library = try recognitionLibrary(withPublicID: identifier) else {
      throw WireError(
        .resourceNotFound, "There is no RecognitionLib \(identifier.hexadecimal).", field: "LibId",
        hint: "ListRecognitionLibs names those that exist.")
    }
    return library
  }
}

extension Array {
  fileprivate func part(_ page: NumberedPage) -> [Element] {
    Array(dropFirst(page.start).prefix(page.size))
  }
}

let entityCommands = [
  Command("CreateRecognitionLib", .curator, ["LibName", "LibDescription", "Algorithm"]) {
    service, parameters, _ in
    let name = try parameters.requiredString("LibName", limit: 64)
    let description = try parameters.string("LibDescription", limit: 128) ?? ""
    if let algorithm = try parameters.string("Algorithm", limit: 64), algorithm != "face" {
      throw parameters.invalid("Algorithm", "face")
    }
    let library = try service.store.write {
      try $0.createRecognitionLibrary(named: name, description: description)
    }
    return Reply(RecognitionLibResult(libID: library.publicID.hexadecimal), withSuccess: true)
  },
  Command("ListRecognitionLibs", .reader, ["PageNo", "PageSize"]) { service, parameters, _ in
    let page = try parameters.numberedPage()
    return Reply(
      try service.store.read { snapshot in
        let all = try snapshot.recognitionLibraries()
        return ListRecognitionLibsResult(
          libs: try all.part(page).map { library in
            RecognitionLibMessage(
              libID: library.publicID.hexadecimal, libName: library.name,
              libDescription: library.description.isEmpty ? nil : library.description,
              entityTotal: try snapshot.entities(in: library.id).count,
              createTime: library.created.iso8601)
          }, total: all.count)
      }, withSuccess: true)
  },
  Command("DeleteRecognitionLib", .curator, ["LibId"]) { service, parameters, _ in
    try service.store.write {
      try $0.deleteRecognitionLibrary(try $0.recognitionLibrary(parameters).id)
    }
    try service.enrolledPeople.reload()
    return Reply(EmptyResult(), withSuccess: true)
  },
  Command(
    "CreateRecognitionEntity", .curator, ["LibId", "EntityName", "EntityInfo", "Category"]
  ) { service, parameters, _ in
    let name = try parameters.requiredString("EntityName", limit: 64)
    let info = try parameters.string("EntityInfo", limit: 256)
    let category = try parameters.choice("Category", EntityCategory.self) ?? .custom
    let entity = try service.store.write { transaction in
      let library = try transaction.recognitionLibrary(parameters)
      let id = try transaction.createEntity(
        in: library.id, named: name, info: info.flatMap { $0.isEmpty ? nil : $0 },
        category: category)
      return try transaction.entity(id)
    }
    try service.enrolledPeople.reload()
    guard let entity else { throw WireError(.resourceNotFound, "The entity was deleted again.") }
    return Reply(EntityResult(entity: entity.message), withSuccess: true)
  },
  Command(
    "UpdateRecognitionEntity", .curator, ["EntityId", "EntityName", "EntityInfo", "Category"]
  ) { service, parameters, _ in
    let name = try parameters.string("EntityName", limit: 64)
    let info = try parameters.string("EntityInfo", limit: 256)
    let category = try parameters.choice("Category", EntityCategory.self)
    if let name, name.isEmpty { throw parameters.invalid("EntityName", "not empty") }
    let entity = try service.store.write { transaction in
      let old = try transaction.existingEntity(parameters)
      try transaction.updateEntity(
        old.id, name: name ?? old.name,
        info: info.map { $0.isEmpty ? nil : $0 } ?? old.info, category: category ?? old.category)
      return try transaction.existingEntity(parameters)
    }
    try service.enrolledPeople.reload()
    return Reply(EntityResult(entity: entity.message), withSuccess: true)
  },
  Command("ListRecognitionEntities", .reader, ["LibId", "PageNo", "PageSize"]) {
    service, parameters, _ in
    let page = try parameters.numberedPage()
    return Reply(
      try service.store.read { snapshot in
        let all = try snapshot.entities(in: try snapshot.recognitionLibrary(parameters).id)
        return ListEntitiesResult(entities: all.part(page).map(\.message), total: all.count)
      }, withSuccess: true)
  },
  Command("DeleteRecognitionEntity", .curator, ["LibId", "EntityId"]) { service, parameters, _ in
    try service.store.write { try $0.deleteEntity(try $0.existingEntity(parameters).id) }
    try service.enrolledPeople.reload()
    return Reply(EmptyResult(), withSuccess: true)
  },
  Command(
    "CreateRecognitionSample", .curator,
    ["LibId", "EntityId", "ImageUrl", "FigureId", "FigureIndex", "LabelPrompt"]
  ) { service, parameters, context in
    let entity = try service.store.read { try $0.existingEntity(parameters) }
    let prompt = try parameters.string("LabelPrompt", limit: 256)
    let (face, message) = try service.enrolledFace(parameters, context)
    let sample = try service.store.write { transaction in
      guard try transaction.entity(entity.id) != nil else {
        throw StoreError.notFound(.entity, key: entity.publicID.hexadecimal)
      }
      return try transaction.addSample(
        face, quality: Float(message.faceQuality), prompt: prompt, to: entity.id)
    }
    try service.enrolledPeople.reload()
    return Reply(SampleResult(sampleID: sample.hexadecimal, figure: message), withSuccess: true)
  },
  Command("ListRecognitionSamples", .reader, ["LibId", "EntityId", "PageNo", "PageSize"]) {
    service, parameters, _ in
    let page = try parameters.numberedPage()
    return Reply(
      try service.store.read { snapshot in
        let all = try snapshot.samples(of: try snapshot.existingEntity(parameters).id)
        return ListSamplesResult(
          samples: all.part(page).map { sample in
            SampleMessage(
              sampleID: sample.publicID.hexadecimal, labelPrompt: sample.prompt,
              faceQuality: Double(share: sample.quality), createTime: sample.created.iso8601)
          }, total: all.count)
      }, withSuccess: true)
  },
  Command("DeleteRecognitionSample", .curator, ["LibId", "EntityId", "SampleId"]) {
    service, parameters, _ in
    guard let identifier = try parameters.hexadecimal("SampleId") else {
      throw parameters.missing("SampleId", Parameters.identifierForm)
    }
    guard try service.store.write({ try $0.deleteSample(withPublicID: identifier) }) else {
      throw WireError(
        .resourceNotFound, "There is no sample \(identifier.hexadecimal).", field: "SampleId")
    }
    try service.enrolledPeople.reload()
    return Reply(EmptyResult(), withSuccess: true)
  },
  Command(
    "TieFigureClusterToEntity", .curator,
    libraryParameters + ["ObjectId", "EntityId", "MetaLockVersion", "DryRun"]
  ) { service, parameters, context in
    guard let identifier = try parameters.clusterID("ObjectId") else {
      throw parameters.missing("ObjectId", "a cluster's ObjectId: Cluster-UUID")
    }
    let entity = try service.store.read { try $0.entity(parameters)?.id }
    let (message, change) = try service.people.updateCluster(
      identifier, field: "ObjectId", ClusterUpdate(entity: .set(entity)),
      expectedLockVersion: try parameters.lockVersion(), try parameters.curation(context))
    return Reply(CurationResult(figureCluster: message, change: change), withSuccess: true)
  },
  Command("RecognizeFaces", .reader, libraryParameters + ["SourceURI", "FalseAcceptRate"]) {
    service, parameters, context in
    let rate = try parameters.falseAcceptRate()
    let image = try parameters.requiredImage("SourceURI")
    let enrolled = try service.store.read { snapshot in
      try service.enrolledPeople.enrolled(for: try snapshot.library(of: parameters).id, snapshot)
    }
    let faces = try service.analyze(image, context).faces.map(\.face)
    let count = Double(enrolled.count)
    return Reply(
      RecognizeFacesResult(
        faces: faces.map { face in
          var message = RecognizedFace(
            boundary: Boundary(face.boundingBox), category: EntityCategory.unknown.rawValue)
          guard let found = enrolled.match(face.embedding, falseAcceptRate: rate) else {
            return message
          }
          message.entityID = found.entity.publicID.hexadecimal
          message.labelName = found.entity.name
          message.category = found.entity.category.rawValue
          message.score = Double(share: found.match.probability)
          message.cosine = Double(share: found.match.similarity)
          return message
        },
        entityTotal: enrolled.count, falseAcceptRate: rate,
        falseAcceptRateOfFace: 1 - pow(1 - rate, count),
        minimumCosine: Double(
          share: FalseAcceptCalibration().similarity(falseAcceptRate: rate))),
      withSuccess: true)
  },
]

extension Service {
  /// The face that is to be enrolled: of an image, or of a stored figure.
  fileprivate func enrolledFace(
    _ parameters: Parameters, _ context: RequestContext
  ) throws -> (Embedding, FigureMessage) {
    if let identifier = try parameters.figureID("FigureId") {
      return try store.read { snapshot in
        guard let figure = try snapshot.figure(withPublicID: identifier),
          let embedding = try snapshot.embedding(of: figure.id)
        else {
          throw WireError(
            .resourceNotFound, "There is no figure \(identifier.asFigure).", field: "FigureId")
        }
        return (embedding, FigureMessage(figure, cluster: nil))
      }
    }
    let faces = try analyze(try parameters.requiredImage("ImageUrl"), context).faces.map(\.face)
    let face = try chosenFace(
      faces, index: try parameters.integer("FigureIndex", in: 0...255).map(Int.init),
      field: "ImageUrl")
    return (face.embedding, FigureMessage(face))
  }
}
