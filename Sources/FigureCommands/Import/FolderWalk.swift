internal import FoundationEssentials
internal import Glibc

/// Finds the images and videos below folders.
package enum FolderWalk {
  enum Kind {
    case file, folder, link, other
  }

  /// Endings of the formats that the daemon reads; a file named outright is sent whatever its name.
  package static let extensions: Set<String> = [
    "jpg", "jpeg", "jpe", "png", "webp", "heic", "heif", "mp4", "m4v", "mov", "mkv", "webm", "avi",
    "mpg", "mpeg", "ts", "mts", "m2ts", "3gp", "flv", "ogv", "wmv",
  ]

  /// Visits files, in the order of their names, and what is below folders.
  ///
  /// Names that begin with a dot and symbolic links within folders are passed over: a link can
  /// lead in a circle, and what it leads to is imported under its own name.
  ///
  /// - Parameters:
  ///   - paths: absolute; here links are followed, since the user named them.
  ///   - onFile: called with each of them.
  ///   - onFailure: called with what cannot be read, and why.
  package static func visit(
    _ paths: [String], onFile: (String) -> Void,
    onFailure: (_ path: String, _ reason: String) -> Void
  ) {
    for path in paths {
      if kind(of: path, followingLinks: true) == .folder {
        visitFolder(path, onFile: onFile, onFailure: onFailure)
      } else {
        onFile(path)
      }
    }
  }

  private static func visitFolder(
    _ folder: String, onFile: (String) -> Void, onFailure: (String, String) -> Void
  ) {
    // A list of what is left instead of recursion: folders may be nested however deep.
    var folders = [folder]
    while let next = folders.popLast() {
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: next) else {
        onFailure(next, "The folder cannot be read.")
        continue
      }
      var subfolders: [String] = []
      for name in names.sorted() where !name.hasPrefix(".") {
        let path = next.hasSuffix("/") ? next + name : "\(next)/\(name)"
        switch kind(of: path) {
        case .folder: subfolders.append(path)
        case .file where isMedium(name): onFile(path)
        default: break
        }
      }
      folders += subfolders.reversed()
    }
  }

  private static func isMedium(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  static func kind(of path: String, followingLinks: Bool = false) -> Kind? {
    var status = stat()
    let result =
      followingLinks ? unsafe stat(path, &status) : unsafe lstat(path, &status)
    guard result == 0 else { return nil }
    // S_IFMT and its values, which are ambiguous in Swift.
    switch status.st_mode & 0o170000 {
    case 0o100000: return .file
    case 0o040000: return .folder
    case 0o120000: return .link
    default: return .other
    }
  }
}
