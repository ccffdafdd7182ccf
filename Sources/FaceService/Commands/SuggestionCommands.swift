internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension SuggestionMessage.Kind {
  fileprivate var kinds: ClusterSuggestion.Kinds {
    switch self {
    case .join: .join
    case .split: .split
    case .place: .place
    }
  }
}

extension ClusterSuggestion.Subject {
  fileprivate var kind: SuggestionMessage.Kind {
    switch self {
    case .join: .join
    case .split: .split
    case .place: .place
    }
  }

  fileprivate var clusters: [ClusterID] {
    switch self {
    case .join(let a, let b): [a, b]
    case .split(let cluster, _), .place(_, let cluster): [cluster]
    }
  }

  fileprivate var figures: [FigureID] {
    switch self {
    case .join: []
    case .split(_, let part): part
    case .place(let figure, _): [figure]
    }
  }
}

extension Snapshot {
  /// Whether the store knows nothing that answers the question: strangers are left alone, and
  /// people to whom a user gave different names are different.
  fileprivate func isOpen(_ suggestion: ClusterSuggestion) throws -> Bool {
    let records = try clusters(suggestion.subject.clusters)
    guard records.count == suggestion.subject.clusters.count,
      !records.contains(where: \.isIgnored)
    else { return false }
    return Set(records.compactMap(\.name)).count < 2
      && Set(records.compactMap(\.customID)).count < 2
  }

  fileprivate func message(
    _ suggestion: ClusterSuggestion, exemplars: (FigureID, FigureID)?
  ) throws -> SuggestionMessage {
    let subject = suggestion.subject
    let records = try clusters(subject.clusters)
    return SuggestionMessage(
      kind: subject.kind, reason: suggestion.reason.rawValue,
      objectIDs: records.map(\.publicID.asCluster), names: records.map { $0.name ?? "" },
      faceCounts: records.map(\.faceCount),
      figureIDs: try figures(subject.figures).map(\.publicID.asFigure),
      exemplars: try figures(exemplars.map { [$0.0, $0.1] } ?? []).map(\.publicID.asFigure),
      averageSimilarity: Double(share: suggestion.averageSimilarity),
      neededSimilarity: Double(share: suggestion.minimumSimilarity),
      probability: Double(share: suggestion.probability), facesSettled: suggestion.faceCount,
      score: Double(share: suggestion.score))
  }
}

extension Parameters {
  /// What the answer is about, before its clusters and figures are looked up.
  fileprivate func question() throws(WireError) -> (
    kind: SuggestionMessage.Kind, clusters: [PublicIdentifier], figures: [PublicIdentifier]
  ) {
    guard let kind = try choice("Kind", SuggestionMessage.Kind.self) else {
      throw missing("Kind", "Join, Split or Place, as in the suggestion")
    }
    let count = kind == .join ? 2 : 1
    guard let clusters = try clusterIDs("ObjectIds"), clusters.count == count else {
      throw has("ObjectIds")
        ? invalid("ObjectIds", "a list of \(count)") : missing("ObjectIds", "a list of \(count)")
    }
    let figures = kind == .join ? [] : try figureIDs("FigureIds")
    if kind == .place, figures.count != 1 { throw invalid("FigureIds", "a list of one FigureId") }
    return (kind, clusters, figures)
  }
}

extension Curation {
  /// The question that a client's answer names.
  fileprivate func subject(
    _ kind: SuggestionMessage.Kind, _ clusters: [PublicIdentifier], _ figures: [PublicIdentifier]
  ) throws -> ClusterSuggestion.Subject {
    let records = try clusters.map { try transaction.standingCluster($0, field: "ObjectIds") }
    let figures = try self.figures(figures, field: "FigureIds")
    switch kind {
    case .join: return .join(records[0].id, records[1].id)
    case .place: return .place(figures[0].id, records[0].id)
    case .split:
      for figure in figures where figure.cluster != records[0].id {
        throw WireError(
          .invalidParameter,
          "Figure \(figure.publicID.asFigure) is not in \(records[0].publicID.asCluster).",
          field: "FigureIds", hint: "ListFigureClusterSuggestions lists the questions of now.")
      }
      return .split(records[0].id, part: figures.map(\.id))
    }
  }
}

let suggestionCommands = [
  Command("ListFigureClusterSuggestions", .reader, libraryParameters + ["MaxResults", "Kind"]) {
    service, parameters, _ in
    let count = try parameters.integer("MaxResults", in: 1...100, default: 20)
    let kind = try parameters.choice("Kind", SuggestionMessage.Kind.self)
    let library = try service.store.read { try $0.library(of: parameters).id }
    // A copy, which shares what nobody changes meanwhile: changes need not wait for the search.
    let clusterer = try service.people.faces(of: library).read { $0 }
    let found = try clusterer.suggestions(kind?.kinds ?? .all, count: count) { suggestion in
      try service.store.read { try $0.isOpen(suggestion) }
    }
    return Reply(
      try service.store.read { snapshot in
        ListSuggestionsResult(
          suggestions: try found.map {
            try snapshot.message($0, exemplars: clusterer.exemplars(of: $0.subject))
          })
      })
  },
  Command(
    "AnswerFigureClusterSuggestion", .curator,
    libraryParameters + ["Kind", "ObjectIds", "FigureIds", "Answer", "DryRun"]
  ) { service, parameters, context in
    let request = try parameters.curation(context)
    let (kind, clusters, figures) = try parameters.question()
    guard let answer = try parameters.choice("Answer", SuggestionMessage.Answer.self) else {
      throw parameters.missing("Answer", "Same, Different or Unsure")
    }
    let library = try service.people.library(ofClusters: clusters, field: "ObjectIds")
    guard answer != .unsure else {
      return Reply(
        CurationResult(
          figureCluster: nil,
          change: IdentityChangeMessage(
            undoID: nil, dryRun: request.isRehearsal ? true : nil, event: nil)))
    }
    let isSame = answer == .same
    let (_, change) = try service.people.curate(
      library, kind.event(isSame: isSame), request
    ) { curation in
      try curation.answer(try curation.subject(kind, clusters, figures), isSame: isSame)
    }
    return Reply(CurationResult(figureCluster: nil, change: change))
  },
]
