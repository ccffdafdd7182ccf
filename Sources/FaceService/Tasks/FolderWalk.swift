internal import Glibc

/// The files below a folder, in the order of their names, without following symbolic links.
///
/// Hidden entries are left out, as are folders that cannot be read: those are reported.
struct FolderWalk {
  /// A chain of folders deeper than this is not followed.
  static let depthLimit = 64

  /// Calls `visit` for each regular file below `folder` and `refuse` for each folder that cannot
  /// be listed, until `visit` answers `false`.
  ///
  /// - Returns: whether the walk came to its end.
  @discardableResult
  static func walk(
    _ folder: String, depth: Int = 0, visit: (String) throws -> Bool,
    refuse: (String, FileReadingError) throws -> Void
  ) throws -> Bool {
    let entries: [Entry]
    do {
      entries = try list(folder)
    } catch {
      try refuse(folder, error)
      return true
    }
    for entry in entries {
      let path = folder.hasSuffix("/") ? folder + entry.name : folder + "/" + entry.name
      switch entry.kind {
      case .file:
        guard try visit(path) else { return false }
      case .folder where depth < depthLimit:
        guard try walk(path, depth: depth + 1, visit: visit, refuse: refuse) else { return false }
      case .folder:
        try refuse(path, .system(ELOOP, path: path))
      case .other:
        continue
      }
    }
    return true
  }

  private enum Kind { case file, folder, other }
  private struct Entry {
    let name: String
    let kind: Kind
  }

  private static func list(_ folder: String) throws(FileReadingError) -> [Entry] {
    guard let stream = unsafe opendir(folder) else { throw .system(errno, path: folder) }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      guard !name.hasPrefix(".") else { continue }
      entries.append(
        Entry(name: name, kind: kind(of: unsafe Int32(entry.pointee.d_type), folder + "/" + name)))
    }
    return entries.sorted { $0.name < $1.name }
  }

  /// Some file systems leave the type out of the folder's entries; then the file itself tells.
  private static func kind(of type: Int32, _ path: String) -> Kind {
    switch type {
    case Int32(DT_REG): return .file
    case Int32(DT_DIR): return .folder
    case Int32(DT_UNKNOWN):
      var status = stat()
      guard unsafe lstat(path, &status) == 0 else { return .other }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return .file
      case S_IFDIR: return .folder
      default: return .other
      }
    default: return .other
    }
  }
}

/// Whether a folder lies at `path`; a symbolic link to one counts as one, since it was named.
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether a file's name promises an image, so that it is reported if it is none.
func looksLikeImage(_ path: String) -> Bool {
  ["jpg", "jpeg", "jpe", "png", "webp", "heic", "heif"].contains(nameExtension(path))
}

/// Whether a file's name promises a video, so that it is reported if it is none.
func looksLikeVideo(_ path: String) -> Bool {
  [
    "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "mts", "m2ts", "3gp", "flv",
    "ogv", "wmv",
  ].contains(nameExtension(path))
}

/// What follows the last dot of a file's name, in small letters; empty without one.
private func nameExtension(_ path: String) -> String {
  let name = path.split(separator: "/").last ?? ""
  return name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
}
