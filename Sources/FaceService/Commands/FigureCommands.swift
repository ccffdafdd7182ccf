internal import FaceStore
internal import FaceTypes
internal import FoundationEssentials
internal import WireProtocol

/// The lists of figures there are.
private enum FigureScope {
  case named([FigureRecord])
  case library(LibraryRecord)
  case media(MediaRecord)
  case cluster(ClusterRecord)
}

extension Parameters {
  fileprivate func figureScope(in snapshot: Snapshot) throws -> FigureScope {
    if has("FigureIds") {
      for other in ["MediaId", "FigureClusterId"] where has(other) {
        throw invalid(other, "left out where FigureIds is given")
      }
      let identifiers = try figureIDs("FigureIds")
      return .named(try identifiers.compactMap { try snapshot.figure(withPublicID: $0) })
    }
    let media = try mediaID("MediaId")
    let cluster = try clusterID("FigureClusterId")
    switch (media, cluster) {
    case (let media?, nil): return .media(try snapshot.existingMedia(media, field: "MediaId"))
    case (nil, let cluster?):
      return .cluster(try snapshot.existingCluster(cluster, field: "FigureClusterId"))
    case (nil, nil): return .library(try snapshot.library(of: self))
    default: throw invalid("FigureClusterId", "left out where MediaId is given")
    }
  }
}

extension Snapshot {
  /// A part of the figures of a library, a medium or a cluster.
  fileprivate func figures(
    _ scope: FigureScope, waiting: Bool, _ page: PageRequest, includesTotal: Bool
  ) throws -> Page<FigureRecord> {
    switch scope {
    case .named(let figures):
      return Page(records: figures, next: nil, total: includesTotal ? figures.count : nil)
    case .library(let library) where waiting:
      return try waitingFigures(in: library.id, page: page, includesTotal: includesTotal)
    case .library(let library):
      return try figures(in: library.id, page: page, includesTotal: includesTotal)
    case .cluster(let cluster):
      return try figures(in: cluster.id, page: page, includesTotal: includesTotal)
    case .media(let medium):
      // A photograph has few faces, so that they fit a page.
      let figures = try figures(of: medium.id)
      return Page(records: figures, next: nil, total: includesTotal ? figures.count : nil)
    }
  }

  /// Adds to each message what an export is for: medium, address, and embedding if wanted.
  fileprivate func complete(
    _ figures: [FigureRecord], withEmbeddings: Bool
  ) throws -> [FigureMessage] {
    var media: [MediaID: MediaRecord] = [:]
    var messages = try messages(figures)
    for (position, figure) in figures.enumerated() {
      if media[figure.media] == nil { media[figure.media] = try self.media(figure.media) }
      messages[position].mediaID = media[figure.media]?.publicID.asMedia
      messages[position].inputURL = media[figure.media]?.uri
      if withEmbeddings, let embedding = try embedding(of: figure.id) {
        messages[position].embedding = embedding.values
        messages[position].modelFingerprint = embedding.fingerprint.hexadecimal
      }
    }
    return messages
  }
}

let figureCommands = [
  Command(
    "ListFigures", .reader,
    libraryParameters + [
      "MediaId", "FigureClusterId", "FigureIds", "Waiting", "WithEmbeddings", "WithTotalCount",
      "MaxResults", "NextToken",
    ]
  ) { service, parameters, _ in
    let page = try service.page(parameters, of: "ListFigures", sizes: 1...500, defaultSize: 100)
    let waiting = try parameters.boolean("Waiting", default: false)
    let withEmbeddings = try parameters.boolean("WithEmbeddings", default: false)
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    return Reply(
      try service.store.read { snapshot in
        let scope = try parameters.figureScope(in: snapshot)
        let found = try snapshot.figures(
          scope, waiting: waiting, page.request, includesTotal: withTotal)
        return ListFiguresResult(
          figures: try snapshot.complete(found.records, withEmbeddings: withEmbeddings),
          nextToken: page.token(found.next), totalCount: found.total)
      })
  },
  Command("GetFigureImage", .reader, ["FigureId"]) { service, parameters, _ in
    guard let identifier = try parameters.figureID("FigureId") else {
      throw parameters.missing("FigureId", "a FigureId: a UUID")
    }
    return Reply(
      try service.store.read { snapshot in
        guard let figure = try snapshot.figure(withPublicID: identifier) else {
          throw WireError(
            .resourceNotFound, "There is no figure \(identifier.asFigure).", field: "FigureId")
        }
        guard let crop = try snapshot.crop(of: figure.id) else {
          throw WireError(
            .resourceNotFound, "No image of this figure is kept.", field: "FigureId",
            hint: "keep_crops in the section [storage] of the configuration says whether images "
              + "are kept.")
        }
        return FigureImageResult(
          figureID: identifier.asFigure, contentType: "image/jpeg",
          image: Data(crop).base64EncodedString())
      })
  },
]
