import FaceAnalysis
import Foundation
import Inference
import Kernels
import Testing

@Suite struct ModelBundleTests {
  /// A copy of the models that a test may damage; removed at its end.
  private final class Copy {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      for name in [
        "manifest.json", "yunet.json", "sface.json", "yunet.safetensors",
        "sface.ranges.safetensors",
      ] {
        try FileManager.default.copyItem(
          at: URL(filePath: ProjectFiles.models).appending(path: name),
          to: directory.appending(path: name))
      }
      // The large file need not be copied.
      try FileManager.default.createSymbolicLink(
        at: directory.appending(path: "sface.safetensors"),
        withDestinationURL: URL(filePath: ProjectFiles.models).appending(path: "sface.safetensors"))
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func change(_ name: String, _ edit: (String) -> String) throws {
      let file = directory.appending(path: name)
      try edit(String(contentsOf: file, encoding: .utf8)).write(
        to: file, atomically: true, encoding: .utf8)
    }

    func error() -> ModelBundleError? {
      do {
        _ = try ModelBundle(directory: directory.path)
        return nil
      } catch {
        return error
      }
    }
  }

  @Test func loadsTheModelsOfTheProject() throws {
    let bundle = try SharedAnalysis.bundle.get()
    #expect(bundle.fingerprint == (try ModelBundle(directory: ProjectFiles.models)).fingerprint)
  }

  @Test func namesAMissingFile() throws {
    let copy = try Copy()
    try FileManager.default.removeItem(at: copy.directory.appending(path: "yunet.json"))
    let error = try #require(copy.error())
    #expect("\(error)".contains("yunet.json: No such file or directory"))
  }

  @Test func noticesADamagedFile() throws {
    let copy = try Copy()
    try copy.change("sface.json") { $0 + "\n" }
    guard case .wrongChecksum(let path, let expected, let actual) = copy.error() else {
      Issue.record("the checksum was not compared")
      return
    }
    #expect(path.hasSuffix("/sface.json"))
    #expect(expected != actual && actual.count == 64)
  }

  @Test func noticesDamagedRanges() throws {
    let copy = try Copy()
    try Data([0]).write(to: copy.directory.appending(path: "sface.ranges.safetensors"))
    guard case .wrongChecksum(let path, _, _) = copy.error() else {
      Issue.record("the checksum was not compared")
      return
    }
    #expect(path.hasSuffix("/sface.ranges.safetensors"))
  }

  /// Embeddings of both precisions lie in one space, and ranges can be left out.
  @Test func namesTheSpaceOfTheEmbeddingsWhateverThePrecision() throws {
    let copy = try Copy()
    try copy.change("manifest.json") { $0.replacing("\"ranges", with: "\"unused") }
    let files = try ModelFiles(directory: copy.directory.path)
    let bundle = try ModelBundle(files, level: .best, precision: .int16)
    #expect(bundle.embedder.precision == .float32)
    let whole = try ModelBundle(
      ModelFiles(directory: ProjectFiles.models), level: .best, precision: .int16)
    #expect(whole.embedder.precision == .int16)
    #expect(whole.fingerprint == bundle.fingerprint)
  }

  @Test func refusesAnotherVersionOfTheManifest() throws {
    let copy = try Copy()
    try copy.change("manifest.json") { $0.replacing("\"version\": 1", with: "\"version\": 9") }
    guard case .unsupportedManifest(_, _, 9) = copy.error() else {
      Issue.record("the version was not compared")
      return
    }
  }

  @Test func refusesAManifestThatIsNotJSON() throws {
    let copy = try Copy()
    try copy.change("manifest.json") { _ in "{" }
    guard case .malformedManifest = copy.error() else {
      Issue.record("the manifest was taken")
      return
    }
  }

  /// A manifest cannot make the daemon read files elsewhere.
  @Test func refusesFilesOutsideTheDirectory() throws {
    let copy = try Copy()
    try copy.change("manifest.json") { $0.replacing("\"yunet.json\"", with: "\"../yunet.json\"") }
    guard case .unreadable(_, let reason) = copy.error() else {
      Issue.record("the path was followed")
      return
    }
    #expect(reason.contains("beside"))
  }

  @Test func refusesTheNetworksInEachOthersPlace() throws {
    let copy = try Copy()
    try copy.change("manifest.json") {
      $0.replacing("\"detector\"", with: "\"x\"").replacing("\"embedder\"", with: "\"detector\"")
        .replacing("\"x\"", with: "\"embedder\"")
    }
    guard case .unsuitableNetwork = copy.error() else {
      Issue.record("the networks were taken")
      return
    }
  }
}
