import FaceAnalysis
import FaceTypes
import Foundation

/// What OpenCV found, as written by `Benchmarks/peers/opencv_faces.py`.
struct RecordedFaces: Decodable {
  struct Photo: Decodable {
    let width: Int
    let height: Int
    let faces: [Face]
  }

  struct Face: Decodable {
    let box: [Float]
    let landmarks: [Float]
    let score: Float
    let norm: Float?
    let embedding: [Float]?

    var boundingBox: BoundingBox {
      BoundingBox(x: box[0], y: box[1], width: box[2], height: box[3])
    }
    var points: [Point] {
      (0..<5).map { Point(x: landmarks[2 * $0], y: landmarks[2 * $0 + 1]) }
    }
  }

  let tool: String
  let photos: [String: Photo]

  static func library() throws -> RecordedFaces {
    let url = ProjectFiles.golden.appending(path: "opencv_library.json")
    return try JSONDecoder().decode(RecordedFaces.self, from: Data(contentsOf: url))
  }
}
