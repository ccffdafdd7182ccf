import FaceAnalysis
import FaceTypes
import Foundation
import Testing

/// Photographs of real people, which are not part of the project.
private let dataset = ProcessInfo.processInfo.environment["FIGURED_LFW"].flatMap {
  $0.isEmpty ? nil : $0
}

extension Tag {
  /// Measures accuracy on a data set.
  @Tag static var accuracy: Self
}

@Suite(.enabled(if: dataset != nil, "FIGURED_LFW does not name the folder of the photographs"))
struct RealPhotographTests {
  /// `figurebench verification` measures all 6,000 pairs: 0.995.
  @Test(.tags(.accuracy)) func tellsPeopleApart() throws {
    let root = URL(filePath: try #require(dataset))
    let analyzer = FaceAnalyzer(bundle: try SharedAnalysis.bundle.get())
    var workspace = AnalysisWorkspace()
    func embedding(_ name: Substring) throws -> Embedding {
      let bytes = try ProjectFiles.bytes(root.appending(path: "photos/\(name)"))
      let analysis = try analyzer.analyze(bytes, workspace: &workspace)
      // The person whose photograph it is has the face in the middle.
      let central = analysis.faces.map(\.face).min { left, right in
        func distance(_ face: Face) -> Float {
          abs(face.boundingBox.center.x - 125) + abs(face.boundingBox.center.y - 125)
        }
        return distance(left) < distance(right)
      }
      return try #require(central, "no face in \(name)").embedding
    }
    let pairs = try String(contentsOf: root.appending(path: "pairs.csv"), encoding: .utf8)
      .split(separator: "\n").dropFirst()
    var right = 0
    let sample = stride(from: pairs.startIndex, to: pairs.endIndex, by: 30).map { pairs[$0] }
    for pair in sample {
      let fields = pair.split(separator: ",")
      let similarity = try #require(
        try embedding(fields[0]).cosineSimilarity(try embedding(fields[1])))
      // The threshold that OpenCV states for SFace.
      if (similarity >= 0.363) == (fields[2].first == "1") { right += 1 }
    }
    #expect(Double(right) >= 0.985 * Double(sample.count), "\(right) of \(sample.count)")
  }
}
