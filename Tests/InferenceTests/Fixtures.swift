import Foundation
import Inference
import Kernels

/// The package's folder.
let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A bundled model.
func bundledModel(_ name: String) throws -> ModelFile {
  let folder = packageRoot.appending(path: "Models")
  // SFace alone has ranges.
  let ranges = name == "sface" ? folder.appending(path: "sface.ranges.safetensors").path : nil
  return try ModelFile(
    graphPath: folder.appending(path: "\(name).json").path,
    weightsPath: folder.appending(path: "\(name).safetensors").path, rangesPath: ranges)
}

/// Tensors that were recorded from the original network.
struct Golden {
  let file: TensorFile

  init(_ name: String) throws {
    let path = packageRoot.appending(path: "Tests/InferenceTests/Golden/\(name).safetensors")
    file = try TensorFile([UInt8](Data(contentsOf: path)))
  }

  func floats(_ name: String) throws -> [Float] {
    guard let entry = file.entries[name] else { throw MissingTensor(name: name) }
    return file.floats(entry)
  }

  func image(_ number: Int) throws -> (pixels: [UInt8], width: Int, height: Int) {
    let name = "\(number).pixels"
    guard let entry = file.entries[name], let bytes = file.rawBytes(name) else {
      throw MissingTensor(name: name)
    }
    return (bytes, entry.shape[1], entry.shape[0])
  }
}

struct MissingTensor: Error { let name: String }

func cosineSimilarity(_ a: [Float], _ b: [Float]) -> Double {
  var (ab, aa, bb) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    ab += Double(x) * Double(y)
    aa += Double(x) * Double(x)
    bb += Double(y) * Double(y)
  }
  return ab / (aa * bb).squareRoot()
}
