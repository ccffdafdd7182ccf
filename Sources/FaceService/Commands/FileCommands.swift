internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Where a client wants one face of a file to be, as the reference spells it.
private enum FigurePlace: Hashable {
  case cluster(PublicIdentifier)
  /// In another cluster than now, or in none.
  case elsewhere
  /// Wherever the machine puts it.
  case undecided
}

extension FigurePlace {
  /// The reference's cluster ids that name no cluster.
  private static let reserved: [String: FigurePlace] = [
    "figure-cluster-id-independent": .elsewhere, "figure-cluster-id-unavailable": .undecided,
  ]

  /// Reads a `FigureClusterId`; `nil` where it is absent.
  init?(_ figure: Parameters) throws(WireError) {
    let name = "FigureClusterId"
    guard let text = try figure.string(name, limit: 128) else { return nil }
    if let place = Self.reserved[text] {
      self = place
    } else if text.hasPrefix("Cluster-"), let identifier = try figure.clusterID(name) {
      self = .cluster(identifier)
    } else {
      throw figure.invalid(
        name, (["a cluster's ObjectId"] + Self.reserved.keys.sorted()).joined(separator: " or "))
    }
  }
}

extension Parameters {
  /// The faces of `File` with the places that are wanted for them, in the order of the request.
  fileprivate func wantedPlaces() throws(WireError) -> [(PublicIdentifier, FigurePlace)] {
    let limit = 1000
    guard let elements = try array("Figures", limit: limit), !elements.isEmpty else {
      throw missing("Figures", "a list of 1 to \(limit) objects with FigureId and FigureClusterId")
    }
    var wanted: [(PublicIdentifier, FigurePlace)] = []
    for element in elements {
      guard case .object(let members) = element else {
        throw invalid("Figures", "a list of objects with FigureId and FigureClusterId")
      }
      let figure = Parameters(members, path: "File.Figures.")
      // What ListFigures says of a figure may be sent back as it came.
      guard let identifier = try figure.figureID("FigureId") else {
        throw figure.missing("FigureId", "a FigureId: a UUID")
      }
      guard try figure.string("FigureType", limit: 64) ?? "face" == "face" else {
        throw figure.invalid("FigureType", "face")
      }
      if let place = try FigurePlace(figure) { wanted.append((identifier, place)) }
    }
    return wanted
  }
}

extension Curation {
  /// Brings faces of one medium to the places that are wanted; those that are there stay as they
  /// are.
  fileprivate func place(
    _ wanted: [(PublicIdentifier, FigurePlace)], of medium: MediaRecord
  ) throws {
    let figures = try figures(wanted.map(\.0), field: "File.Figures.FigureId")
    if let stranger = figures.first(where: { $0.media != medium.id }) {
      throw WireError(
        .invalidParameter, "Figure \(stranger.publicID.asFigure) is not in this file.",
        field: "File.Figures.FigureId")
    }
    for (figure, (_, place)) in zip(figures, wanted) {
      switch place {
      case .cluster(let identifier):
        let target = try transaction.standingCluster(
          identifier, field: "File.Figures.FigureClusterId")
        guard target.library == library else {
          throw WireError(
            .invalidParameter, "\(identifier.asCluster) is in another library.",
            field: "File.Figures.FigureClusterId")
        }
        if figure.cluster != target.id { try move([figure], to: target.id) }
      case .elsewhere:
        if let cluster = figure.cluster { try reject([figure], from: cluster) }
      case .undecided:
        try release([figure])
      }
    }
  }
}

let fileCommands = [
  Command("UpdateFileMeta", .curator, libraryParameters + ["File", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    guard let file = try parameters.object("File") else {
      throw parameters.missing("File", "an object with URI and Figures")
    }
    try file.allowOnly(["URI", "Figures"])
    let uri = try file.requiredString("URI", limit: 4096)
    let wanted = try file.wantedPlaces()
    let medium = try service.store.read { snapshot in
      let library = try snapshot.library(of: parameters)
      guard let medium = try snapshot.media(in: library.id, uri: fileURL(uri)) else {
        throw WireError(
          .resourceNotFound, "The library \(library.name) has no medium of this URI.",
          field: "File.URI", hint: "ListMediaBasicInfos lists those that exist.")
      }
      return medium
    }
    let onlyRejects = wanted.allSatisfy { $0.1 == .elsewhere }
    let (_, change) = try service.people.curate(
      medium.library, onlyRejects ? .rejection : .move, request
    ) { curation in try curation.place(wanted, of: medium) }
    return Reply(CurationResult(figureCluster: nil, change: change))
  }
]
