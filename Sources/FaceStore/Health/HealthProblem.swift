public import FaceTypes

/// Something that should never be, found by looking at everything stored.
public enum HealthProblem: Hashable, Sendable {
  /// SQLite says that the file is damaged, in these words.
  case damagedFile(String)
  /// A row refers to something that is not there.
  case orphan(table: String, row: Int64?, parent: String)
  /// The numbers of faces and media that a cluster keeps are not the true ones.
  case wrongCounts(ClusterID)
  /// The figure's embedding is missing or cannot be one.
  case damagedEmbedding(FigureID)
  /// The cluster has no figures, no mark and no statement of a user, and was not merged.
  case emptyCluster(ClusterID)
  /// The cover that was chosen for the cluster is not in it.
  case foreignCover(ClusterID)
  /// The cluster was merged into another one and has figures none the less.
  case mergedWithFigures(ClusterID)
  /// Figures are where a user said that they are not.
  case contradicted(IdentityStatement)
}

extension Snapshot {
  /// Looks for what should never be; reads everything, beside everything else.
  ///
  /// - Returns: what was found, kind by kind.
  /// - Throws: ``StoreError``; a file that cannot be read at all among them.
  public final func healthProblems() throws(StoreError) -> [HealthProblem] {
    var problems: [HealthProblem] = try rows("PRAGMA integrity_check") { $0.text() }
      .filter { $0 != "ok" }.map { .damagedFile($0) }
    problems += try rows("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check") {
      .orphan(table: $0.text(), row: $0.optionalInteger(), parent: $0.text())
    }
    problems += try rows("SELECT id FROM (\(Self.recount)) WHERE is_wrong") {
      .wrongCounts($0.id())
    }
    problems += try rows(
      """
      SELECT DISTINCT figures.id FROM figures LEFT JOIN embeddings ON embeddings.figure = figures.id
      LEFT JOIN fingerprints ON fingerprints.id = fingerprint
      WHERE vector IS NULL OR length(vector) IS NOT 4 * dimension ORDER BY figures.id
      """
    ) { .damagedEmbedding($0.id()) }
    problems += try rows(
      """
      SELECT clusters.id FROM clusters JOIN figures ON figures.id = clusters.cover
      WHERE figures.cluster IS NOT clusters.id ORDER BY clusters.id
      """
    ) { .foreignCover($0.id()) }
    return problems + (try identityProblems())
  }

  /// What is wrong with who is who.
  private final func identityProblems() throws(StoreError) -> [HealthProblem] {
    var problems: [HealthProblem] = try rows(
      """
      SELECT id FROM clusters WHERE merged_into IS NULL AND NOT (\(Self.isCurated))
        AND NOT EXISTS (SELECT 1 FROM figures WHERE cluster = clusters.id)
        AND NOT EXISTS (SELECT 1 FROM statements WHERE cluster = clusters.id) ORDER BY id
      """
    ) { .emptyCluster($0.id()) }
    problems += try rows(
      """
      SELECT id FROM clusters WHERE merged_into IS NOT NULL
        AND EXISTS (SELECT 1 FROM figures WHERE cluster = clusters.id) ORDER BY id
      """
    ) { .mergedWithFigures($0.id()) }
    problems += try rows(
      """
      SELECT statements.kind, statements.figure, statements.other_figure, statements.cluster
      FROM statements JOIN figures AS one ON one.id = statements.figure
      LEFT JOIN figures AS other ON other.id = statements.other_figure
      WHERE CASE statements.kind
        WHEN 'pin' THEN one.cluster IS NOT statements.cluster
        WHEN 'exclude' THEN one.cluster IS statements.cluster
        WHEN 'must-link' THEN one.cluster IS NOT other.cluster
        WHEN 'cannot-link' THEN one.cluster IS other.cluster AND one.cluster IS NOT NULL
        ELSE one.cluster IS NOT NULL END
      ORDER BY statements.id
      """
    ) { row throws(StoreError) in .contradicted(try IdentityStatement(&row)) }
    return problems
  }
}

extension Snapshot {
  /// The problems of ``healthProblems()`` that concern who is who in one library.
  public final func healthProblems(of library: LibraryID) throws(StoreError) -> [HealthProblem] {
    var problems: [HealthProblem] = []
    for problem in try identityProblems() {
      let owner: LibraryID? =
        switch problem {
        case .emptyCluster(let cluster), .mergedWithFigures(let cluster):
          try self.library(of: cluster)
        case .contradicted(let statement): try figure(statement.figure)?.library
        default: nil
        }
      if owner == library { problems.append(problem) }
    }
    return problems
  }
}

extension Transaction {
  /// Mends what concerns the rows alone, not who is who.
  ///
  /// - Parameter problem: as ``Snapshot/healthProblems()`` found it.
  /// - Returns: whether there was anything to do about it here.
  /// - Throws: ``StoreError``.
  public func repairRows(_ problem: HealthProblem) throws(StoreError) -> Bool {
    switch problem {
    case .wrongCounts: return try repairCounts() > 0
    case .foreignCover(let cluster):
      return try execute("UPDATE clusters SET cover = NULL WHERE id = \(cluster)") > 0
    case .damagedEmbedding(let figure):
      // As if it had never been analysed: the next import of the file does it again.
      return try execute(
        """
        UPDATE media SET status = 'registered'
        WHERE id = (SELECT media FROM figures WHERE id = \(figure))
        """) > 0
    case .orphan("figures", let row?, "clusters"):
      return try execute("UPDATE figures SET cluster = NULL WHERE id = \(row)") > 0
    case .orphan("statements", let row?, _):
      return try execute("DELETE FROM statements WHERE id = \(row)") > 0
    case .orphan("embeddings", let row?, "figures"):
      return try execute("DELETE FROM embeddings WHERE id = \(row)") > 0
    case .orphan("crops", let row?, "figures"):
      return try execute("DELETE FROM crops WHERE figure = \(row)") > 0
    case .damagedFile, .orphan, .emptyCluster, .mergedWithFigures, .contradicted: return false
    }
  }
}
