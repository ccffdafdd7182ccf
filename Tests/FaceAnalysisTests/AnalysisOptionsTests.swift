import FaceAnalysis
import FaceTypes
import Testing

@Suite struct AnalysisOptionsTests {
  let analyzer: FaceAnalyzer
  let group: [UInt8]

  init() throws {
    analyzer = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
    group = try ProjectFiles.photo("group_07.jpg")
  }

  @Test func givesNoThumbnailsUnlessAsked() throws {
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(group, workspace: &workspace)
    #expect(analysis.faces.count == 6)
    #expect(analysis.faces.allSatisfy { $0.thumbnail == nil })
    #expect(!analysis.wasLimited)
  }

  @Test func keepsTheMostProminentFaces() throws {
    var workspace = AnalysisWorkspace()
    let all = try analyzer.analyze(group, workspace: &workspace)
    let limited = try analyzer.analyze(
      group, workspace: &workspace, options: AnalysisOptions(faceLimit: 2))
    #expect(limited.faces.map(\.face) == all.faces.prefix(2).map(\.face))
    #expect(limited.wasLimited)
  }

  @Test func beginsNoFaceAfterItsTime() throws {
    var workspace = AnalysisWorkspace()
    let analysis = try analyzer.analyze(
      group, workspace: &workspace, options: AnalysisOptions(timeLimit: .zero))
    #expect(analysis.faces.isEmpty)
    #expect(analysis.wasLimited)
  }

  @Test func givesTheSameFacesInAGroup() throws {
    var workspace = AnalysisWorkspace()
    let files = [group, try ProjectFiles.photo("p01_01.jpg"), try ProjectFiles.photo("p02_01.jpg")]
    let alone = try files.map { try analyzer.analyze($0, workspace: &workspace) }
    let together = try analyzer.embed(
      try files.map { try analyzer.examine($0, workspace: &workspace) }, workspace: &workspace)
    #expect(together.map { $0.faces.map(\.face) } == alone.map { $0.faces.map(\.face) })
    #expect(together.map(\.info) == alone.map(\.info))
  }

  /// A workspace carries memory from image to image, never results.
  @Test func givesTheSameResultWithAUsedWorkspace() throws {
    var used = AnalysisWorkspace()
    _ = try analyzer.analyze(try ProjectFiles.photo("p01_01.jpg"), workspace: &used)
    let second = try analyzer.analyze(group, workspace: &used)
    var fresh = AnalysisWorkspace()
    let first = try analyzer.analyze(group, workspace: &fresh)
    #expect(first.faces.map(\.face) == second.faces.map(\.face))
  }
}
