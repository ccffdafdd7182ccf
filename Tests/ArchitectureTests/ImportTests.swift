import Foundation
import Testing

/// Which modules of this package each module may import.
///
/// SwiftPM refuses only what lies outside the transitive closure, so this table is the rule. A
/// module that is missing here fails the test: a new one states its place first. Everything points
/// downwards; only the service and the benchmarks see analysis, clustering, store and wire at once.
private let allowedImports: [String: Set<String>] = [
  // Words and small tools.
  "FaceTypes": [],
  "Spelling": [],
  "Threading": [],
  "ContentHash": ["CCrypto"],
  // Numbers and pictures.
  "KernelTypes": [],
  "KernelsBaseline": ["CProcessor", "KernelTypes"],
  "KernelsAVX2": ["CProcessor", "KernelTypes"],
  "KernelsAVX512": ["CProcessor", "KernelTypes"],
  "VNNI": [],
  "KernelsInt16": ["CProcessor", "KernelTypes"],
  "KernelsInt16VNNI": ["CProcessor", "KernelTypes", "VNNI"],
  "Kernels": [
    "COpenBLAS", "CProcessor", "KernelTypes", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512",
    "KernelsInt16", "KernelsInt16VNNI",
  ],
  "Imaging": ["FaceTypes", "CJPEG", "CPNG", "CWebP", "CHEIF", "CEXIF"],
  "Inference": ["Kernels", "KernelTypes"],
  "FaceAnalysis": ["FaceTypes", "Imaging", "Inference", "Kernels", "ContentHash"],
  "VideoDecoding": ["CLinux", "Imaging"],
  "FaceTracking": ["FaceTypes"],
  // Who is who.
  "VectorIndex": ["CLinux", "FaceTypes", "Kernels", "KernelTypes"],
  "Clustering": ["FaceTypes", "VectorIndex"],
  "Evaluation": ["FaceTypes"],
  "MatchLanguage": ["Spelling"],
  "QueryText": [],
  "FaceStore": ["CSQLite", "FaceTypes", "MatchLanguage"],
  // The way in and out.
  "WireProtocol": ["FaceTypes"],
  "UnixSocket": ["CLinux"],
  "FaceClient": ["UnixSocket", "WireProtocol"],
  "FigureCommands": [
    "FaceTypes", "FaceClient", "WireProtocol", "CommandLineParsing", "Evaluation",
  ],
  "Configuration": ["Spelling"],
  "EventLog": [],
  "Systemd": ["CSystemd"],
  "CommandLineParsing": ["Spelling"],
  // Everything together.
  "FaceService": [
    "FaceTypes", "Spelling", "Threading", "ContentHash", "Kernels", "Imaging", "Inference",
    "FaceAnalysis", "VectorIndex", "Clustering", "FaceStore", "WireProtocol", "UnixSocket",
    "Configuration", "EventLog", "Systemd", "VideoDecoding", "FaceTracking", "MatchLanguage",
    "QueryText", "CLinux",
  ],
  "figured": [
    "FaceService", "Configuration", "EventLog", "UnixSocket", "Kernels", "CommandLineParsing",
  ],
  "figurectl": ["FigureCommands"],
  "figurebench": [
    "FaceTypes", "Kernels", "Imaging", "Inference", "FaceAnalysis", "VectorIndex", "Clustering",
    "Evaluation", "FaceStore", "FaceClient", "WireProtocol", "CommandLineParsing",
    "Threading",
  ],
]

private let sources = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Sources")

private func swiftFiles(of module: String) -> [URL] {
  let folder = sources.appending(path: module)
  let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
  return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
}

private let modules: [String] = {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: sources.path)) ?? []
  return names.filter { !swiftFiles(of: $0).isEmpty }.sorted()
}()

/// The names that the import declarations of a file give.
private func imports(in file: URL) throws -> [String] {
  try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
    let words = line.split(separator: " ")
    guard let position = words.firstIndex(of: "import"), position <= 1, words.count == position + 2
    else { return nil }
    return String(words[position + 1])
  }
}

@Suite struct ImportTests {
  @Test func everyModuleHasAPlace() {
    #expect(Set(modules) == Set(allowedImports.keys))
  }

  @Test(arguments: modules)
  func importsOnlyWhatItMay(module: String) throws {
    let allowed = allowedImports[module] ?? []
    let ours = Set(try FileManager.default.contentsOfDirectory(atPath: sources.path))
    for file in swiftFiles(of: module) {
      let forbidden = Set(try imports(in: file)).intersection(ours).subtracting(allowed)
      #expect(forbidden.isEmpty, "\(module)/\(file.lastPathComponent)")
    }
  }

  /// The rule itself has no circle, so that every module can be understood from those below it.
  @Test func theTableHasNoCircle() {
    func reaches(_ start: String, _ target: String, _ seen: Set<String>) -> Bool {
      guard !seen.contains(start) else { return false }
      return (allowedImports[start] ?? []).contains {
        $0 == target || reaches($0, target, seen.union([start]))
      }
    }
    for module in allowedImports.keys { #expect(!reaches(module, module, []), "\(module)") }
  }

  /// Matrix products go through one file, which knows OpenBLAS.
  @Test func onlyKernelsCallOpenBLAS() throws {
    for module in modules where module != "Kernels" {
      for file in swiftFiles(of: module) {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(!text.contains("cblas_"), "\(module)/\(file.lastPathComponent)")
      }
    }
  }

  /// What belongs to the toolchain rather than to the language is named in one module.
  @Test func onlyOneModuleNamesTheCompilersBuiltins() throws {
    for module in modules where module != "VNNI" {
      for file in swiftFiles(of: module) {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(!text.contains("Builtin."), "\(module)/\(file.lastPathComponent)")
      }
    }
  }

  /// A client must not need the libraries of the daemon.
  @Test func theClientLinksNeitherNumbersNorStore() {
    func closure(_ module: String) -> Set<String> {
      (allowedImports[module] ?? []).reduce(into: [module]) { $0.formUnion(closure($1)) }
    }
    let daemonOnly: Set = ["Kernels", "Imaging", "Inference", "FaceStore", "CSQLite", "COpenBLAS"]
    for client in ["FaceClient", "figurectl"] {
      #expect(closure(client).isDisjoint(with: daemonOnly), "\(client)")
    }
  }
}
