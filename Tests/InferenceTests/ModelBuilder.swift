import Foundation
import Inference

/// Writes small models for tests, in the formats that the converter writes.
struct ModelBuilder {
  typealias Tensor = (name: String, shape: [Int], values: [Float])

  var input: [String: Any] = [
    "name": "image", "channels": ["red", "green", "blue"], "mean": [0, 0, 0],
    "scale": [0.01, 0.01, 0.01], "size": ["multipleOf": 1],
  ]
  var layers: [[String: Any]] = []
  var outputs: [[String: Any]] = []
  var tensors: [Tensor] = []
  /// Of what layers make.
  var ranges: [Tensor] = []
  var version = 1
  var format = "figured network"

  mutating func convolution(
    _ name: String, of input: String, weights: [Float], shape: [Int], bias: [Float],
    stride: Int = 1, padding: Int = 0, groups: Int = 1
  ) {
    tensors.append(("\(name).weight", shape, weights))
    tensors.append(("\(name).bias", [bias.count], bias))
    layers.append([
      "name": name, "operation": "convolution", "inputs": [input],
      "kernel": [shape[2], shape[3]], "stride": [stride, stride],
      "padding": [padding, padding, padding, padding], "groups": groups,
      "weight": "\(name).weight", "bias": "\(name).bias",
    ])
  }

  mutating func layer(_ operation: String, _ name: String, of inputs: [String]) {
    layers.append(["name": name, "operation": operation, "inputs": inputs])
  }

  mutating func output(_ tensor: String) {
    outputs.append(["name": tensor, "tensor": tensor])
  }

  func graph() throws -> [UInt8] {
    [UInt8](
      try JSONSerialization.data(withJSONObject: [
        "format": format, "version": version, "name": "test", "input": input, "layers": layers,
        "outputs": outputs,
      ]))
  }

  func weights() throws -> [UInt8] { try Self.file(of: tensors) }

  private static func file(of tensors: [Tensor]) throws -> [UInt8] {
    var header: [String: Any] = [:]
    var data: [UInt8] = []
    for tensor in tensors {
      let start = data.count
      for value in tensor.values {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
      header[tensor.name] = [
        "dtype": "F32", "shape": tensor.shape, "data_offsets": [start, data.count],
      ]
    }
    return safetensors(try JSONSerialization.data(withJSONObject: header), data)
  }

  func file() throws -> ModelFile {
    try ModelFile(
      graph: graph(), weights: weights(), ranges: ranges.isEmpty ? nil : Self.file(of: ranges))
  }
}

/// A weight file of a header and data.
func safetensors(_ header: Data, _ data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.count).littleEndian) { [UInt8]($0) } + [UInt8](header) + data
}

/// Repeatable pixels.
func noisePixels(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}
