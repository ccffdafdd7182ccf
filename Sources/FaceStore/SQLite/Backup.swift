internal import CSQLite

extension Connection {
  /// Copies the database, as this connection's open transaction sees it, into an empty file.
  func copy(to destination: Connection) throws(SQLiteError) {
    precondition(isInTransaction, "a copy is made of one snapshot")
    let result = unsafe withHandle { source in
      unsafe destination.withHandle { target in
        guard let backup = unsafe sqlite3_backup_init(target, "main", source, "main") else {
          return unsafe sqlite3_errcode(target)
        }
        var step = unsafe sqlite3_backup_step(backup, Self.pagesPerStep)
        while step == SQLITE_OK { step = unsafe sqlite3_backup_step(backup, Self.pagesPerStep) }
        let finish = unsafe sqlite3_backup_finish(backup)
        return step == SQLITE_DONE ? finish : step
      }
    }
    guard result == SQLITE_OK else {
      throw destination.error(code: result, sql: "")
    }
  }

  private static var pagesPerStep: Int32 { 4096 }
}
