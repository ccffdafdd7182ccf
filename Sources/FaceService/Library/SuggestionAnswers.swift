internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Curation {
  /// Does what follows from a user's answer to a question, so that it is never asked again.
  ///
  /// - Parameters:
  ///   - subject: what was asked.
  ///   - isSame: whether both sides show one person.
  /// - Throws: ``ErrorCode/identityConflict`` if the answer contradicts what was said before.
  func answer(_ subject: ClusterSuggestion.Subject, isSame: Bool) throws {
    guard let (one, other) = faces.read({ $0.exemplars(of: subject) }) else {
      throw WireError(
        .resourceNotFound, "What this question was about is no longer there.",
        hint: "ListFigureClusterSuggestions lists the questions of now.")
    }
    switch (subject, isSame) {
    case (.join(let a, let b), true):
      let (target, source) = try heirFirst(a, b)
      try merge([source], into: target)
      try state([.mustLink(one, other)])
    case (.join(let a, let b), false):
      // The two faces are told apart, and each cluster remembers the other's: clusters that
      // figures were kept out of never merge by themselves.
      try state([.cannotLink(one, other), .exclude(one, b), .exclude(other, a)])
    case (.split(_, let part), true):
      let siblings = faces.read { clusterer in
        part.flatMap { figure -> [IdentityStatement] in
          guard let cluster = clusterer.cluster(of: figure),
            let standing = clusterer.standing(of: figure, in: cluster, exemplarCount: 0)
          else { return [] }
          return standing.siblings.map { .mustLink(figure, $0) }
        }
      }
      try state([.mustLink(one, other)] + siblings)
    case (.split(let cluster, let part), false):
      guard let source = try transaction.cluster(cluster) else { return }
      _ = try split(source, try transaction.figures(part), name: nil)
      try state([.cannotLink(one, other)])
    case (.place(let figure, let cluster), true):
      try move(try transaction.figures([figure]), to: cluster)
    case (.place(let figure, let cluster), false):
      try reject(try transaction.figures([figure]), from: cluster)
    }
  }

  /// Of two clusters the one to go on: the one with a name, else the one that a user had to do
  /// with, else the larger.
  private func heirFirst(
    _ a: ClusterID, _ b: ClusterID
  ) throws -> (target: ClusterRecord, source: ClusterRecord) {
    let records = try transaction.clusters([a, b])
    guard records.count == 2 else {
      throw WireError(.resourceNotFound, "One of the clusters is no longer there.")
    }
    func rank(_ record: ClusterRecord) throws -> (Int, Int, Int) {
      (
        record.name == nil ? 0 : 1, try transaction.isCurated(record.id) ? 1 : 0, record.faceCount
      )
    }
    return try rank(records[0]) >= rank(records[1])
      ? (records[0], records[1]) : (records[1], records[0])
  }
}

extension SuggestionMessage.Kind {
  /// What an answer to such a question is in the log.
  func event(isSame: Bool) -> IdentityEventKind {
    switch (self, isSame) {
    case (.join, true): .merge
    case (.join, false): .separation
    case (.split, true): .link
    case (.split, false): .split
    case (.place, true): .move
    case (.place, false): .rejection
    }
  }
}
