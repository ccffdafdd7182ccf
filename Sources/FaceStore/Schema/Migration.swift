/// One step from an older schema to a newer one.
///
/// Steps are never edited once released: a change of the schema is a further step at the end.
package struct Migration: Sendable {
  /// Recorded in the database; says what the step brings.
  package let name: String
  package let script: SQL

  package init(name: String, script: SQL) {
    self.name = name
    self.script = script
  }

  /// Every step, oldest first; the schema's version is the number of steps taken.
  package static let all: [Migration] = [
    Migration(name: "libraries, media, figures, clusters and tasks", script: .schemaVersion1),
    Migration(name: "identity log, statements and merged clusters", script: .schemaVersion2),
    Migration(name: "plans of re-clusterings", script: .schemaVersion3),
    Migration(name: "videos, tracks and appearances", script: .schemaVersion4),
    Migration(name: "tags, attached texts and words to search by", script: .schemaVersion5),
    Migration(name: "people enrolled by example", script: .schemaVersion6),
    Migration(name: "embeddings of several models", script: .schemaVersion7),
    Migration(name: "attributes of faces", script: .schemaVersion8),
    Migration(name: "attributes of stored faces", script: .schemaVersion9),
    Migration(name: "what changed since faces were saved", script: .schemaVersion10),
  ]

  /// "FigD", which marks a file as ours in its header.
  static let applicationIdentifier: Int64 = 0x4669_6744
}

extension Connection {
  /// Finds out how many of the steps the database has taken, without changing anything.
  ///
  /// - Throws: ``StoreError/newerSchema(found:known:)`` for a file of a later release,
  ///   ``StoreError/foreignFile(path:)`` for a database of another program, or an ``SQLiteError``.
  func schemaVersion(_ migrations: [Migration]) throws -> Int {
    let version = Int(try integer("PRAGMA user_version") ?? 0)
    let owner = try integer("PRAGMA application_id") ?? 0
    let tableCount = try integer("SELECT count(*) FROM sqlite_schema") ?? 0
    guard owner == Migration.applicationIdentifier || (owner == 0 && tableCount == 0) else {
      throw StoreError.foreignFile(path: path)
    }
    guard version <= migrations.count else {
      throw StoreError.newerSchema(found: version, known: migrations.count)
    }
    if version > 0 {
      let taken = try texts("SELECT name FROM migrations ORDER BY number")
      guard taken == migrations.prefix(version).map(\.name) else {
        throw StoreError.foreignFile(path: path)
      }
    }
    return version
  }

  /// Brings the database to the newest schema, each step in a transaction of its own.
  func migrate(from version: Int, _ migrations: [Migration]) throws {
    guard version < migrations.count else { return }
    // A step may rebuild a table that others refer to; the references are checked afterwards.
    try execute("PRAGMA foreign_keys = OFF")
    for number in (version + 1)...migrations.count {
      try take(migrations[number - 1], number: number)
    }
    try execute("PRAGMA foreign_keys = ON")
  }

  private func take(_ migration: Migration, number: Int) throws {
    try execute("BEGIN IMMEDIATE")
    do {
      if number == 1 {
        try execute(
          """
          CREATE TABLE migrations(
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, taken INTEGER NOT NULL
          ) STRICT
          """)
        try setPragma("application_id", to: Int(Migration.applicationIdentifier))
      }
      try executeScript(migration.script)
      try execute(
        """
        INSERT INTO migrations(number, name, taken)
        VALUES (\(number), \(migration.name), unixepoch() * 1000)
        """)
      try setPragma("user_version", to: number)
      let broken = try texts("SELECT \"table\" FROM pragma_foreign_key_check")
      guard broken.isEmpty else {
        throw StoreError.damaged("step \(migration.name) breaks references of \(broken[0])")
      }
      try execute("COMMIT")
    } catch {
      if isInTransaction { try execute("ROLLBACK") }
      throw error
    }
  }
}
