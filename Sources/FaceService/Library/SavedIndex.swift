internal import Clustering
internal import FaceStore
internal import FaceTypes
internal import Glibc
internal import VectorIndex

/// Where the faces of a library are saved so that the next start reads them at once.
///
/// Derived data beside the database: what changed since is noted there, and a file that is not what
/// was saved last, or is damaged, is passed over.
struct SavedIndex {
  let path: String

  /// - Parameters:
  ///   - library: whose faces.
  ///   - store: beside whose database they are.
  init(of library: LibraryID, in store: FaceStore) {
    path = store.directoryPath + "/" + Self.prefix + "\(library)" + Self.suffix
  }

  private static let prefix = "faces-"
  private static let suffix = ".index"

  /// Which state of which library, model and program a file belongs to.
  static func signature(
    stamp: [UInt8], fingerprint: ModelFingerprint, form: UInt64
  ) -> [UInt64] {
    [
      word(stamp.prefix(8)), word(stamp.dropFirst(8)),
      sectionSum(of: fingerprint.hexadecimal.utf8.map { UInt64($0) }), form,
    ]
  }

  private static func word(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Deletes what is there.
  func remove() { unsafe unlink(path) }

  /// Deletes what earlier libraries and savings that were cut off left behind.
  ///
  /// - Parameters:
  ///   - store: beside whose database.
  ///   - libraries: whose files stay.
  static func removeStrays(in store: FaceStore, except libraries: [LibraryID]) {
    let known = Set(libraries.map { Self(of: $0, in: store).path })
    for name in fileNames(in: store.directoryPath)
    where name.hasPrefix(prefix) && (name.hasSuffix(suffix) || name.hasSuffix(suffix + ".new")) {
      let path = store.directoryPath + "/" + name
      if !known.contains(path) { unsafe unlink(path) }
    }
  }

  private static func fileNames(in directory: String) -> [String] {
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      names.append(
        unsafe withUnsafePointer(to: entry.pointee.d_name) {
          unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
            unsafe String(cString: $0)
          }
        })
    }
    return names
  }
}
