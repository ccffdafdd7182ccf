import FaceAnalysis
import FaceTypes
import FoundationEssentials
import Imaging

/// How well the whole path, from file to embedding, tells whether two photographs show one person.
///
/// The data set has one folder a person; of each photograph the face nearest the centre is theirs.
/// `pairs.csv` (left, right, same) lists the pairs of the tenfold protocol; rates at small false
/// accept rates are over all pairs of photographs.
struct VerificationBenchmark {
  struct Result: Codable {
    let photographs: Int
    let withoutFace: Int
    let tenfoldAccuracy: Double
    let genuinePairs: Int
    let impostorPairs: Int
    let rates: [Rate]
    /// What dropping the faces of the worst quality does to the genuine pairs.
    let errorVersusDiscard: [Discard]
    /// Of people's central faces, the part that may found a cluster, in 0…1.
    let mayFound: Double
    let milliseconds: Milliseconds
  }

  /// A point of the receiver operating characteristic.
  struct Rate: Codable {
    let falseAcceptRate: Double
    let threshold: Float
    let trueAcceptRate: Double
  }

  /// False non-matches at the threshold of a false accept rate of 10⁻⁴ among all faces.
  struct Discard: Codable {
    let discardedFaces: Double
    let falseNonMatchRate: Double
    /// The same with the faces dropped by chance: always the rate among all.
    let baseline: Double
  }

  /// Means for one photograph.
  struct Milliseconds: Codable {
    let decoding, detection, alignment, embedding, total: Double
  }

  let modelDirectory: String
  /// The folder with `photos/` and `pairs.csv`.
  let dataset: String

  private struct Central {
    let person: String
    let face: Face
  }

  /// Analyses every photograph and compares all of them.
  func run() throws -> Result {
    let analyzer = FaceAnalyzer(bundle: try ModelBundle(directory: modelDirectory))
    let folder = try PhotographFolder(dataset + "/photos")
    var workspace = AnalysisWorkspace()
    var central: [String: Central] = [:]
    var durations: [AnalysisDurations] = []
    for name in folder.names {
      let analysis = try analyzer.analyze(folder.bytes(name), workspace: &workspace)
      durations.append(analysis.durations)
      guard let face = analysis.centralFace else { continue }
      central[name] = Central(person: String(name.prefix { $0 != "/" }), face: face)
    }
    let everyone = central.keys.sorted().compactMap { central[$0] }
    let all = Self.scores(everyone)
    return Result(
      photographs: folder.names.count, withoutFace: folder.names.count - central.count,
      tenfoldAccuracy: try pairScores(central).tenfoldAccuracy(), genuinePairs: all.genuine.count,
      impostorPairs: all.impostor.count,
      rates: [1e-3, 1e-4, 1e-5].map { rate in
        let threshold = all.threshold(atFalseAcceptRate: rate)
        return Rate(
          falseAcceptRate: rate, threshold: threshold,
          trueAcceptRate: all.trueAcceptRate(at: threshold))
      },
      errorVersusDiscard: Self.errorVersusDiscard(everyone, all),
      mayFound: Double(everyone.count { $0.face.quality.mayFound }) / Double(everyone.count),
      milliseconds: Self.means(durations))
  }

  /// The similarities of `pairs.csv`; a photograph without a face is unlike every other.
  private func pairScores(_ central: [String: Central]) throws -> VerificationScores {
    let text = try String(contentsOf: URL(filePath: dataset + "/pairs.csv"), encoding: .utf8)
    var scores = VerificationScores(genuine: [], impostor: [])
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = line.split(separator: ",")
      guard fields.count == 3 else { continue }
      let (left, right) = (central[String(fields[0])], central[String(fields[1])])
      var similarity: Float = -1
      if let left, let right {
        similarity = left.face.embedding.cosineSimilarity(right.face.embedding) ?? -1
      }
      if fields[2] == "1" {
        scores.genuine.append(similarity)
      } else {
        scores.impostor.append(similarity)
      }
    }
    return scores
  }

  private static func scores(_ faces: [Central]) -> VerificationScores {
    var scores = VerificationScores(genuine: [], impostor: [])
    for (index, left) in faces.enumerated() {
      for right in faces[..<index] {
        let similarity = dot(left.face.embedding.values, right.face.embedding.values)
        if left.person == right.person {
          scores.genuine.append(similarity)
        } else {
          scores.impostor.append(similarity)
        }
      }
    }
    return scores
  }

  private static func dot(_ left: [Float], _ right: [Float]) -> Float {
    precondition(left.count == right.count)
    var sum = SIMD8<Float>.zero
    for start in stride(from: 0, to: left.count - 7, by: 8) {
      for lane in 0..<8 { sum[lane] += left[start + lane] * right[start + lane] }
    }
    return sum.sum()
  }

  private static func errorVersusDiscard(
    _ faces: [Central], _ all: VerificationScores
  ) -> [Discard] {
    let threshold = all.threshold(atFalseAcceptRate: 1e-4)
    let baseline = 1 - all.trueAcceptRate(at: threshold)
    let byQuality = faces.sorted { $0.face.quality.value < $1.face.quality.value }
    return [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5].map { part in
      let kept = byQuality.dropFirst(Int(part * Double(faces.count)))
      var scores = VerificationScores(genuine: [], impostor: [])
      for people in Dictionary(grouping: kept, by: \.person).values {
        for (index, left) in people.enumerated() {
          scores.genuine += people[..<index].map {
            dot(left.face.embedding.values, $0.face.embedding.values)
          }
        }
      }
      return Discard(
        discardedFaces: part, falseNonMatchRate: 1 - scores.trueAcceptRate(at: threshold),
        baseline: baseline)
    }
  }

  private static func means(_ durations: [AnalysisDurations]) -> Milliseconds {
    func mean(_ part: (AnalysisDurations) -> Duration) -> Double {
      durations.map(part).reduce(.zero, +) / .milliseconds(1) / Double(max(1, durations.count))
    }
    return Milliseconds(
      decoding: mean(\.decoding), detection: mean(\.detection), alignment: mean(\.alignment),
      embedding: mean(\.embedding), total: mean(\.total))
  }
}
