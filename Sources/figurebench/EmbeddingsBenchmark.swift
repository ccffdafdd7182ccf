import FaceAnalysis
import FaceTypes
import Imaging
import Inference

/// Turns a folder of photographs into labelled faces for the command `clustering`.
///
/// The folder that a photograph lies in names the person whose face is nearest the centre.
struct EmbeddingsBenchmark {
  struct Result: Codable {
    let photographs: Int
    let unreadable: Int
    let faces: Int
    let labelledFaces: Int
    let people: Int
    /// Faces that may found a cluster.
    let mayFound: Int
  }

  let modelDirectory: String
  let photographs: String
  /// The file that is written.
  let output: String

  /// Analyses every photograph.
  func run() throws -> Result {
    let models = try ModelBundle(directory: modelDirectory)
    let analyzer = FaceAnalyzer(bundle: models)
    let folder = try PhotographFolder(photographs)
    var workspace = AnalysisWorkspace()
    var faces = LabelledFaces(dimension: models.embedder.outputs[0].channels)
    var numberOf: [Substring: Int64] = [:]
    var unreadable = 0
    for (index, name) in folder.names.enumerated() {
      guard let analysis = try? analyzer.analyze(folder.bytes(name), workspace: &workspace) else {
        unreadable += 1
        continue
      }
      let person = name.lastIndex(of: "/").map { name[..<$0] }
      let label = person.map { numberOf[$0, default: Int64(numberOf.count)] }
      if let person { numberOf[person] = label }
      let central = analysis.centralFace?.boundingBox
      for face in analysis.faces.map(\.face) {
        faces.append(
          LabelledFaces.Element(
            media: Int64(index + 1), label: face.boundingBox == central ? label ?? -1 : -1,
            norm: face.embedding.norm, mayFound: face.quality.mayFound,
            captureTime: analysis.info.captureTime?.moment,
            embedding: face.embedding.values))
      }
    }
    try faces.write(to: output)
    let labelled = faces.elements.filter { $0.label >= 0 }
    return Result(
      photographs: folder.names.count, unreadable: unreadable, faces: faces.elements.count,
      labelledFaces: labelled.count, people: Set(labelled.map(\.label)).count,
      mayFound: faces.elements.count(where: \.mayFound))
  }
}
