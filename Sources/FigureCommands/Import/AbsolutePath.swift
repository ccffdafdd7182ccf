internal import Glibc

/// Paths as the daemon takes them, whose working directory is another.
package enum AbsolutePath {
  /// The path seen from the working directory, in its plainest form.
  package static func of(_ path: String) -> String {
    normalized(path.hasPrefix("/") ? path : workingDirectory + "/" + path)
  }

  /// Without empty components, `.` and, where nothing but a plain name precedes it, `..`.
  ///
  /// A `..` after a symbolic link leads elsewhere than its text says; such paths keep it.
  package static func normalized(_ path: String) -> String {
    var components: [Substring] = []
    var prefix = ""
    for component in path.split(separator: "/") where component != "." {
      if component == "..", let last = components.last, last != "..", !isLink(prefix) {
        components.removeLast()
      } else {
        components.append(component)
      }
      prefix = "/" + components.joined(separator: "/")
    }
    return "/" + components.joined(separator: "/")
  }

  private static func isLink(_ path: String) -> Bool { FolderWalk.kind(of: path) == .link }

  private static var workingDirectory: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard unsafe getcwd(&buffer, buffer.count) != nil else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
