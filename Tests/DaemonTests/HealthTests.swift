import FaceClient
import Foundation
import Testing
import WireProtocol

/// Databases that are damaged on purpose, and what is found and done about it.
@Suite struct HealthTests {
  /// A daemon with photographs of two people, of whom a user said some things.
  private struct Library {
    let daemon: DaemonProcess
    let ann: String
    let bob: String

    init() throws {
      daemon = try DaemonProcess()
      let client = try daemon.client()
      let names = (1...5).map { "p01_0\($0).jpg" } + (2...5).map { "p05_0\($0).jpg" }
      try client.call(.importMedia(paths: names.map(DemoLibrary.path), wait: true))
      func cluster(_ photograph: String) throws -> String {
        let medium = try client.call(.medium(inputURL: DemoLibrary.path(photograph))).mediaInfo
        return try #require(medium.figures?.first?.figureClusterID)
      }
      (ann, bob) = (try cluster("p01_01.jpg"), try cluster("p05_02.jpg"))
      try client.call(.nameCluster(ann, name: "Ann"))
      let faces = try client.call(.figures(of: .cluster(ann))).figures.compactMap(\.figureID)
      try client.call(.moveFigures([faces[0]], to: ann))
    }

    /// Stops the daemon, changes the database behind its back, and starts it again.
    func damage(_ statements: [String]) throws -> FaceClient {
      daemon.kill(SIGTERM)
      let database = try StateDatabase(in: daemon.stateDirectory)
      for statement in statements { try database.texts(statement) }
      try daemon.start()
      return try daemon.client()
    }
  }

  private static let ann = "(SELECT id FROM clusters WHERE name = 'Ann')"
  private static let bob = "(SELECT id FROM clusters WHERE name IS NULL ORDER BY id LIMIT 1)"

  /// What is done to a database, what is found, and whether it can be mended.
  private static let damages: [(code: String, statements: [String], isMendable: Bool)] = [
    ("CountsWrong", ["UPDATE clusters SET face_count = face_count + 3"], true),
    (
      "FigureClusterEmpty",
      [
        """
        INSERT INTO clusters(id, public_id, library, created, updated)
        SELECT last_cluster + 1, randomblob(16), id, 0, 0 FROM libraries
        """
      ], true
    ),
    (
      "CoverElsewhere",
      [
        """
        UPDATE clusters SET cover = (SELECT id FROM figures WHERE cluster = \(bob) LIMIT 1)
        WHERE name = 'Ann'
        """
      ], true
    ),
    (
      "MergedWithFigures", ["UPDATE clusters SET merged_into = \(ann) WHERE id = \(bob)"], true
    ),
    (
      "StatementContradicted",
      [
        """
        UPDATE figures SET cluster = \(bob)
        WHERE id = (SELECT figure FROM statements WHERE kind = 'pin')
        """
      ], true
    ),
    (
      "StatementContradicted",
      [
        """
        INSERT INTO statements(library, kind, figure, cluster)
        SELECT library, 'exclude', id, cluster FROM figures
        WHERE cluster = \(bob) ORDER BY id LIMIT 1
        """
      ], true
    ),
    (
      "StatementsConflict",
      [
        """
        INSERT INTO statements(library, kind, figure, cluster)
        SELECT library, 'exclude', figure, cluster FROM statements WHERE kind = 'pin'
        """
      ], true
    ),
    (
      "EmbeddingDamaged",
      ["DELETE FROM embeddings WHERE figure = (SELECT max(figure) FROM embeddings)"], false
    ),
    (
      "RowWithoutParent",
      [
        "PRAGMA foreign_keys = OFF",
        """
        INSERT INTO statements(library, kind, figure) VALUES (1, 'not-a-face', 4711)
        """,
      ], true
    ),
    (
      "OtherModel",
      [
        "INSERT INTO fingerprints(hexadecimal, dimension) VALUES (printf('%064d', 0), 128)",
        "UPDATE embeddings SET fingerprint = (SELECT max(id) FROM fingerprints) WHERE figure = 2",
      ], false
    ),
  ]

  @Test(arguments: damages.indices)
  func findsAndMendsWhatIsDamaged(index: Int) throws {
    let (code, statements, isMendable) = Self.damages[index]
    let library = try Library()
    let client = try library.daemon.client()
    #expect(try client.call(.checkHealth()).problems.isEmpty)

    let damaged = try library.damage(statements)
    let found = try damaged.call(.checkHealth())
    let problem = try #require(found.problems.first { $0.code == code }, "\(found.problems)")
    #expect(problem.count >= 1)
    #expect(problem.repaired == nil)
    #expect(!problem.examples.isEmpty)
    // Looking changes nothing.
    #expect(try damaged.call(.checkHealth()).problems == found.problems)

    let mended = try damaged.call(.checkHealth(repair: true))
    let left = try damaged.call(.checkHealth()).problems
    if isMendable {
      #expect(
        mended.problems.first { $0.code == code }.map { $0.repaired == $0.count } == true)
      #expect(left.isEmpty, "\(left)")
      // Mended on disk, not in memory alone.
      library.daemon.kill(SIGKILL)
      try library.daemon.start()
      #expect(try library.daemon.client().call(.checkHealth()).problems.isEmpty)
    } else {
      #expect(left.contains { $0.code == code })
    }
    let again = try library.daemon.client()
    #expect(try again.call(.figureCluster(library.ann)).figureCluster.name == "Ann")
  }

  @Test func undoLeavesNoStatementBehindInMemory() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    try client.call(.importMedia(paths: [DemoLibrary.path("p01_01.jpg")], wait: true))
    let figure = try #require(client.call(.figures(of: .library("default"))).figures.first)
    // The cluster ends with its only face, and what was said of it with the cluster.
    let rejected = try client.call(
      .rejectFigures([#require(figure.figureID)], from: #require(figure.figureClusterID)))
    #expect(try client.call(.checkHealth()).problems.isEmpty)
    try client.call(.undo(#require(rejected.change.undoID)))
    #expect(try client.call(.checkHealth()).problems.isEmpty)
  }

  @Test func facesWithoutAnEmbeddingComeBackWithTheNextImport() throws {
    let library = try Library()
    let client = try library.damage([
      "DELETE FROM embeddings WHERE figure = (SELECT max(figure) FROM embeddings)"
    ])
    _ = try client.call(.checkHealth(repair: true))
    try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    #expect(try client.call(.checkHealth()).problems.isEmpty)
  }
}
