import FoundationEssentials

/// The photographs of a folder and its subfolders.
struct PhotographFolder {
  let root: String
  /// Paths below ``root``, sorted.
  let names: [String]

  private static let suffixes: Set<String> = ["jpg", "jpeg", "png", "webp", "heic"]

  /// Lists a folder; unreadable ones have no photographs.
  init(_ root: String) throws {
    self.root = root
    names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
      let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
      return Self.suffixes.contains(suffix)
    }.sorted()
  }

  /// The content of one photograph.
  func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: root + "/" + name)))
  }
}
