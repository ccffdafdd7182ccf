internal import Clustering
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Imaging
internal import WireProtocol

extension Service {
  /// Finds the faces of an image that a request names.
  func analyze(
    _ image: ImageReference, _ context: RequestContext, with analyzer: FaceAnalyzer? = nil
  ) throws -> ImageAnalysis {
    try analyze(try images.load(image, context).bytes, with: analyzer)
  }

  /// Finds the faces of an image.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - thumbnails: whether a small picture of each face is wanted.
  ///   - analyzer: what to look with, unless it is that of the model in use.
  /// - Returns: what was found.
  /// - Throws: ``ServiceStopped`` or what the analyser throws.
  func analyze(
    _ bytes: [UInt8], thumbnails: Bool = false, with analyzer: FaceAnalyzer? = nil
  ) throws -> ImageAnalysis {
    var options = interactiveOptions
    options.thumbnails = thumbnails
    return try pool.now { [options] inUse, workspace in
      try (analyzer ?? inUse).analyze(bytes, workspace: &workspace, options: options)
    }
  }

  /// The face of an image with the largest box.
  fileprivate func largestFace(
    of image: ImageReference, field: String, _ context: RequestContext
  ) throws -> Face {
    let faces = try analyze(image, context).faces.map(\.face)
    guard let largest = faces.max(by: { $0.boundingBox.area < $1.boundingBox.area }) else {
      throw WireError.noFace(field: field)
    }
    return largest
  }
}

extension WireError {
  static func noFace(field: String) -> WireError {
    WireError(
      .noFace, "No face was found in the image.", field: field,
      hint: "Use a picture in which the face is sharp and at least 20 pixels wide.")
  }
}

let faceCommands = [
  Command(
    "DetectImageFaces", .reader, ["ProjectName", "SourceURI", "WithAttributes", "WithEmbeddings"]
  ) { service, parameters, context in
    let image = try parameters.requiredImage("SourceURI")
    let withEmbeddings = try parameters.boolean("WithEmbeddings", default: false)
    let installed = service.installedModels
    let withAttributes = try parameters.boolean(
      "WithAttributes", default: installed.describesAtOnce)
    let analysis = try service.analyze(
      image, context, with: withAttributes ? installed.describer() : installed.recognizer)
    let messages = analysis.faces.map { found in
      var message = FigureMessage(found.face)
      if withEmbeddings {
        message.embedding = found.face.embedding.values
        message.modelFingerprint = found.face.embedding.fingerprint.hexadecimal
      }
      return message
    }
    return Reply(
      DetectImageFacesResult(
        faces: messages, imageWidth: analysis.info.width, imageHeight: analysis.info.height))
  },
  Command("CompareImageFaces", .reader, ["ProjectName", "Source"]) {
    service, parameters, context in
    guard let source = try parameters.object("Source") else {
      throw parameters.missing("Source", "an object with URI1 and URI2")
    }
    try source.allowOnly(["URI1", "URI2"])
    let images = try ["URI1", "URI2"].map { try source.requiredImage($0) }
    let first = try service.largestFace(of: images[0], field: "Source.URI1", context)
    let second = try service.largestFace(of: images[1], field: "Source.URI2", context)
    guard let cosine = first.embedding.cosineSimilarity(second.embedding) else {
      throw WireError(.internalError, "The two faces were embedded by different models.")
    }
    let probability = service.calibration.probability(
      similarity: cosine, norms: first.embedding.norm, second.embedding.norm)
    return Reply(
      CompareImageFacesResult(
        similarity: Double(share: probability), cosine: Double(share: cosine),
        faces: [FigureMessage(first), FigureMessage(second)]))
  },
  Command("SearchImageFigureCluster", .reader, libraryParameters + ["SourceURI"]) {
    service, parameters, context in
    let image = try parameters.requiredImage("SourceURI")
    let library = try service.store.read { try $0.library(of: parameters) }
    let found = try service.analyze(image, context).faces.map(\.face)
    let faces = try service.people.faces(of: library.id)
    let matches = faces.find(
      found.map {
        FaceToFind(embedding: $0.embedding.values, clusterCount: 1)
      }
    ).map(\.matches.first)
    return Reply(
      try service.store.read { snapshot in
        SearchImageFigureClusterResult(
          clusters: try zip(found, matches).map { face, match in
            let cluster = try match.flatMap { try snapshot.cluster($0.cluster) }
            return SearchImageFigureClusterResult.Match(
              boundary: Boundary(face.boundingBox), clusterID: cluster?.publicID.asCluster,
              similarity: match.map { Double(share: $0.probability) } ?? 0,
              cosine: match.map { Double(share: $0.similarity) }, name: cluster?.name,
              faceCount: cluster?.faceCount)
          })
      })
  },
  Command(
    waiting: "CreateFigureClusteringTask", .curator, libraryParameters + ["UserData", "Wait"]
  ) { service, parameters, context in
    let library = try service.store.read { try $0.library(of: parameters) }
    return try service.begin(.figureClustering, in: library, json: "{}", parameters, context)
  },
]
