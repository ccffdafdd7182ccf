internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Something that should never be, in the store or in what memory has of it.
enum HealthFinding: Sendable {
  case stored(HealthProblem)
  /// A figure is in another place in memory, or missing there, or there without being stored.
  case memory(LibraryID, FigureID)
  /// The inner books of a library's faces in memory are wrong.
  case unsound(LibraryID, String)
  /// A statement contradicts those that were made before it.
  case conflicting(LibraryID, IdentityStatement)
  /// The figure is known to another model than the one in use only.
  case otherModel(LibraryID, count: Int)

  /// What the wire calls it.
  var code: String {
    switch self {
    case .stored(.damagedFile): "DatabaseDamaged"
    case .stored(.orphan): "RowWithoutParent"
    case .stored(.wrongCounts): "CountsWrong"
    case .stored(.damagedEmbedding): "EmbeddingDamaged"
    case .stored(.emptyCluster): "FigureClusterEmpty"
    case .stored(.foreignCover): "CoverElsewhere"
    case .stored(.mergedWithFigures): "MergedWithFigures"
    case .stored(.contradicted): "StatementContradicted"
    case .memory: "MemoryDiffers"
    case .unsound: "MemoryUnsound"
    case .conflicting: "StatementsConflict"
    case .otherModel: "OtherModel"
    }
  }

  /// How many things it stands for.
  var count: Int {
    if case .otherModel(_, let count) = self { count } else { 1 }
  }

  var message: String {
    switch self {
    case .stored(.damagedFile):
      "SQLite finds the database damaged. Stop the daemon and restore a backup."
    case .stored(.orphan): "Rows of the database refer to something that is not there."
    case .stored(.wrongCounts): "The counts of faces and media of people are wrong."
    case .stored(.damagedEmbedding): "Faces lack their embedding, or it has the wrong length."
    case .stored(.emptyCluster): "There are people without a face, whom no user has marked."
    case .stored(.foreignCover): "The chosen cover of a person is no face of the person."
    case .stored(.mergedWithFigures): "Faces are in a person who was merged into another."
    case .stored(.contradicted): "Faces are where a user said that they do not belong."
    case .memory: "Faces are in another place in memory than on disk."
    case .unsound: "The index in memory contradicts itself."
    case .conflicting: "Statements contradict others that were made before, and have no effect."
    case .otherModel:
      "Faces are known to another model only and are not compared. PrepareModelSwitch embeds them anew."
    }
  }

  /// What is done about it; `nil` if nothing can be.
  var remedy: String? {
    switch self {
    case .stored(.damagedFile), .otherModel: nil
    case .stored(.orphan(let table, let row, let parent)):
      row != nil && (table == "statements" || parent == "figures" || table == "figures")
        ? "The rows are deleted; faces without a person wait." : nil
    case .stored(.wrongCounts): "They are counted anew."
    case .stored(.damagedEmbedding): "Their files are analysed again when next imported."
    case .stored(.emptyCluster): "They are deleted."
    case .stored(.foreignCover): "The best face becomes the cover."
    case .stored(.mergedWithFigures): "The faces go to whom the person was merged into."
    case .stored(.contradicted): "The faces are moved as the user said."
    case .memory, .unsound: "Memory is read anew from disk."
    case .conflicting: "The later ones are taken back."
    }
  }

  /// What or whom it is about.
  func example(in snapshot: Snapshot) throws -> String? {
    func figure(_ id: FigureID) throws -> String? { try snapshot.figure(id)?.publicID.asFigure }
    func cluster(_ id: ClusterID) throws -> String? {
      try snapshot.cluster(id)?.publicID.asCluster
    }
    switch self {
    case .stored(let problem):
      switch problem {
      case .damagedFile(let text): return text
      case .orphan(let table, let row, let parent):
        return "\(table) \(row.map { "\($0)" } ?? "?"): no \(parent)"
      case .wrongCounts(let id), .emptyCluster(let id), .foreignCover(let id),
        .mergedWithFigures(let id):
        return try cluster(id)
      case .damagedEmbedding(let id): return try figure(id)
      case .contradicted(let statement): return try figure(statement.figure)
      }
    case .memory(_, let id): return try figure(id) ?? "figure \(id)"
    case .unsound(_, let text): return text
    case .conflicting(_, let statement): return try figure(statement.figure)
    case .otherModel(let id, _): return try snapshot.library(id)?.name
    }
  }
}
