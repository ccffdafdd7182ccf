import FoundationEssentials
import Glibc
import VectorIndex

/// A folder that goes when it is no longer used.
struct TemporaryFolder: ~Copyable {
  let path: String
  /// Where a daemon keeps its database.
  var statePath: String { path + "/state" }

  /// - Throws: ``BenchmarkError``.
  init() throws {
    // A socket's path has at most 107 bytes, so it lies near the root.
    var template = Array("/tmp/figurebench-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw BenchmarkError(description: "no temporary folder can be made (error \(errno))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A file for rows, as a daemon keeps one beside its database; it outlives the folder.
  ///
  /// Without room for it something else would be measured, so that ends the program.
  ///
  /// - Throws: ``BenchmarkError``.
  func rowFile() throws -> RowFile {
    let file = RowFile(directory: path) { fatalError("no room for rows in a file (error \($0))") }
    guard let file else { throw BenchmarkError(description: "no file can be made in \(path)") }
    return file
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
