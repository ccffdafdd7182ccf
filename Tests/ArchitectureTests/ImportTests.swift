import Foundation
import Testing

/// Which module may import which; SwiftPM refuses only imports outside the transitive closure.
///
/// A module that is missing here fails the test, so a new one states its place first.
private let allowedImports: [String: Set<String>] = [
  "FaceTypes": [],
  "ContentHash": ["CCrypto"],
  "Threading": [],
  "EventLog": ["Systemd"],
  "Imaging": ["FaceTypes", "CJPEG", "CPNG", "CWebP", "CHEIF", "CEXIF"],
  "FaceAnalysis": ["FaceTypes", "Imaging", "Inference", "ContentHash"],
  "VectorIndex": ["FaceTypes", "Kernels"],
  "Clustering": ["FaceTypes", "VectorIndex"],
  "Evaluation": ["FaceTypes"],
  "FaceStore": ["CSQLite", "FaceTypes"],
  "WireProtocol": ["FaceTypes"],
  "UnixSocket": ["CLinux"],
  "FaceClient": ["UnixSocket", "WireProtocol"],
  "Configuration": [],
  "Systemd": ["CSystemd"],
  "CommandLineParsing": [],
]

private let root = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func folders(of path: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path).sorted()
}

private func swiftFiles(of module: String) -> [URL] {
  let folder = root.appending(path: "Sources/\(module)")
  let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
  return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
}

/// The modules of this package that the files of `module` import.
private func imports(of module: String, among modules: Set<String>) throws -> Set<String> {
  var found: Set<String> = []
  for file in swiftFiles(of: module) {
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), position <= 2, words.count > position + 1
      else { continue }
      let name = String(words[position + 1])
      if modules.contains(name) { found.insert(name) }
    }
  }
  return found
}
