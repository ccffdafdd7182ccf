#ifndef FIGURED_CSQLITE_SHIM_H
#define FIGURED_CSQLITE_SHIM_H

#include <sqlite3.h>

/* What Swift cannot say: SQLITE_TRANSIENT is a cast to a function pointer, and configuring a
   connection takes a variable number of arguments. */

static inline int figured_sqlite3_bind_text_copy(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 byteCount) {
  return sqlite3_bind_text64(
      statement, index, text, byteCount, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int figured_sqlite3_bind_blob_copy(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 byteCount) {
  return sqlite3_bind_blob64(statement, index, bytes, byteCount, SQLITE_TRANSIENT);
}

/* Refuses what damages a file from SQL, double-quoted strings, views and extensions. */
static inline int figured_sqlite3_harden(sqlite3 *database) {
  int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  if (result == SQLITE_OK) {
    result = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
  }
  if (result == SQLITE_OK) {
    result = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
  }
  if (result == SQLITE_OK) {
    result = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
  }
  if (result == SQLITE_OK) {
    result = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)0);
  }
  return result;
}

#endif
