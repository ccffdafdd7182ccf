import FaceAnalysis
import FaceTypes
import FoundationEssentials

/// How far our detections agree with those that OpenCV's `FaceDetectorYN` found with the same network.
///
/// The reference is recorded by `Benchmarks/peers/opencv_faces.py`.
struct DetectionBenchmark {
  struct Result: Codable {
    let reference: String
    let photographs: Int
    /// The part of the photographs with as many faces as in the reference, in 0…1.
    let sameCount: Double
    let referenceFaces: Int
    /// Reference faces that a face of ours overlaps by half or more.
    let matchedFaces: Int
    let ourFaces: Int
    let overlap: Spread
    /// The largest distance of a landmark over the longer side of the box.
    let landmarkError: Spread
    let scoreDifference: Spread
    /// The part of matched faces with an overlap of at least 0.9, in 0…1.
    let overlapAtLeast90Percent: Double
    /// The part of matched faces with all landmarks within 2 % of the box, in 0…1.
    let landmarksWithin2Percent: Double
    let photographsWithOtherCounts: [String]
    let millisecondsPerPhotograph: Double
  }

  /// Where the values of a measurement lie.
  struct Spread: Codable {
    let minimum, percentile1, median, percentile99, maximum: Double

    init(_ values: [Float]) {
      let sorted = values.sorted()
      func at(_ part: Double) -> Double {
        sorted.isEmpty ? 0 : Double(sorted[Int((part * Double(sorted.count - 1)).rounded())])
      }
      (minimum, percentile1, median) = (at(0), at(0.01), at(0.5))
      (percentile99, maximum) = (at(0.99), at(1))
    }
  }

  /// The recorded detections.
  private struct Reference: Decodable {
    struct Photo: Decodable {
      let faces: [Face]
    }
    struct Face: Decodable {
      let box: [Float]
      let landmarks: [Float]
      let score: Float
    }
    let tool: String
    let photos: [String: Photo]
  }

  let modelDirectory: String
  let photographs: String
  /// The path of the recorded reference.
  let reference: String

  /// Searches every photograph of the reference.
  func run() throws -> Result {
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: URL(filePath: reference)))
    let analyzer = FaceAnalyzer(bundle: try ModelBundle(directory: modelDirectory))
    let folder = try PhotographFolder(photographs)
    var workspace = AnalysisWorkspace()
    var comparison = Comparison()
    var time = Duration.zero
    for name in folder.names {
      guard let expected = reference.photos[name] else { continue }
      let bytes = try folder.bytes(name)
      let start = ContinuousClock.now
      let found = try analyzer.detections(in: bytes, workspace: &workspace)
      time += start.duration(to: .now)
      comparison.add(name, expected.faces.map(Self.detection), found)
    }
    return comparison.result(reference: reference.tool, time: time)
  }

  private static func detection(_ face: Reference.Face) -> Detection {
    let points = (0..<5).map { Point(x: face.landmarks[2 * $0], y: face.landmarks[2 * $0 + 1]) }
    return Detection(
      boundingBox: BoundingBox(
        x: face.box[0], y: face.box[1], width: face.box[2], height: face.box[3]),
      landmarks: Landmarks(
        rightEye: points[0], leftEye: points[1], noseTip: points[2], rightMouthCorner: points[3],
        leftMouthCorner: points[4]),
      score: face.score)
  }

  /// What has been compared so far.
  private struct Comparison {
    var photographs = 0
    var otherCounts: [String] = []
    var referenceFaces = 0
    var ourFaces = 0
    var overlaps: [Float] = []
    var landmarkErrors: [Float] = []
    var scoreDifferences: [Float] = []

    mutating func add(_ name: String, _ expected: [Detection], _ found: [Detection]) {
      photographs += 1
      referenceFaces += expected.count
      ourFaces += found.count
      if expected.count != found.count { otherCounts.append(name) }
      for face in expected {
        func overlap(_ other: Detection) -> Float {
          face.boundingBox.intersectionOverUnion(other.boundingBox)
        }
        guard let match = found.max(by: { overlap($0) < overlap($1) }), overlap(match) >= 0.5 else {
          continue
        }
        overlaps.append(overlap(match))
        scoreDifferences.append(abs(face.score - match.score))
        let size = max(face.boundingBox.width, face.boundingBox.height)
        let errors = zip(face.landmarks.points, match.landmarks.points).map {
          (($0.x - $1.x) * ($0.x - $1.x) + ($0.y - $1.y) * ($0.y - $1.y)).squareRoot() / size
        }
        landmarkErrors.append(errors.max() ?? 0)
      }
    }

    func result(reference: String, time: Duration) -> Result {
      func part(_ values: [Float], _ isGood: (Float) -> Bool) -> Double {
        Double(values.count(where: isGood)) / Double(max(1, values.count))
      }
      return Result(
        reference: reference, photographs: photographs,
        sameCount: 1 - Double(otherCounts.count) / Double(max(1, photographs)),
        referenceFaces: referenceFaces, matchedFaces: overlaps.count, ourFaces: ourFaces,
        overlap: Spread(overlaps), landmarkError: Spread(landmarkErrors),
        scoreDifference: Spread(scoreDifferences),
        overlapAtLeast90Percent: part(overlaps) { $0 >= 0.9 },
        landmarksWithin2Percent: part(landmarkErrors) { $0 <= 0.02 },
        photographsWithOtherCounts: otherCounts,
        millisecondsPerPhotograph: time / .milliseconds(1) / Double(max(1, photographs)))
    }
  }
}
