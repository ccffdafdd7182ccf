import Foundation
import Inference
import Kernels
import Testing

/// What is refused, and how it is named.
@Suite struct RefusalTests {
  private func small() -> ModelBuilder {
    var builder = ModelBuilder()
    builder.convolution(
      "first", of: "image", weights: [Float](repeating: 1, count: 12), shape: [4, 3, 1, 1],
      bias: [0, 0, 0, 0])
    builder.output("first")
    return builder
  }

  private func failure(_ body: () throws -> Void) -> ModelError? {
    do {
      try body()
      return nil
    } catch { return error as? ModelError }
  }

  private func failure(of builder: ModelBuilder) -> ModelError? {
    failure { _ = try Network(builder.file(), level: .baseline) }
  }

  @Test func acceptsTheModelThatTheOthersAreMadeFrom() throws {
    #expect(failure(of: small()) == nil)
  }

  @Test func namesTheVersionThatItCannotRead() {
    var builder = small()
    builder.version = 2
    #expect(failure(of: builder) == .unsupportedVersion(found: 2, supported: 1))
    builder.format = "something else"
    #expect(failure(of: builder) == .unknownFormat(found: "something else"))
  }

  @Test func namesTheOperationThatItDoesNotHave() {
    var builder = small()
    builder.layer("quantumPooling", "odd", of: ["first"])
    #expect(failure(of: builder) == .unknownOperation(layer: "odd", operation: "quantumPooling"))
  }

  @Test(arguments: ["{", "[]", "{\"format\": 3}", "", String(repeating: "[", count: 100_000)])
  func refusesWhatIsNoGraph(text: String) throws {
    let weights = try small().weights()
    let error = failure { _ = try ModelFile(graph: Array(text.utf8), weights: weights) }
    guard case .malformedGraph = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func refusesALayerThatReadsWhatComesLater() {
    var builder = small()
    builder.layer("relu", "a", of: ["b"])
    builder.layer("relu", "b", of: ["a"])
    guard case .invalidLayer(layer: "a", _) = failure(of: builder) else {
      Issue.record("a cycle was accepted")
      return
    }
  }

  @Test(arguments: [
    ["kernel": [0, 1]], ["kernel": [1, 1 << 40]], ["stride": [0, 1]], ["stride": [-1, 1]],
    ["padding": [1, 0, 0, 0]], ["padding": [-1, 0, 0, 0]], ["kernel": [3, 3]],
    ["groups": [2]], ["kernel": [1]],
  ])
  func refusesWindowsThatMakeNoSense(change: [String: [Int]]) {
    var builder = small()
    for (key, value) in change {
      builder.layers[0][key] = key == "groups" ? value[0] as Any : value as Any
    }
    guard case .invalidLayer(layer: "first", _) = failure(of: builder) else {
      Issue.record("\(change) was accepted")
      return
    }
  }

  @Test func refusesWeightsAndOutputsThatAreNotThere() {
    var builder = small()
    builder.layers[0]["weight"] = "elsewhere"
    guard case .invalidLayer(layer: "first", _) = failure(of: builder) else {
      Issue.record("missing weights were accepted")
      return
    }
    builder = small()
    builder.outputs.append(["name": "x", "tensor": "first", "channels": [2, 5]])
    guard case .invalidOutput(output: "x", _) = failure(of: builder) else {
      Issue.record("channels that are not there were accepted")
      return
    }
  }

  /// Shapes and places in the weight file that would read or allocate what is not there.
  @Test(arguments: [
    #"{"t": {"dtype": "F32", "shape": [4], "data_offsets": [0, 64]}}"#,
    #"{"t": {"dtype": "F32", "shape": [4], "data_offsets": [8, 0]}}"#,
    #"{"t": {"dtype": "F32", "shape": [4], "data_offsets": [-16, 0]}}"#,
    #"{"t": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 16]}}"#,
    #"{"t": {"dtype": "F32", "shape": [-4], "data_offsets": [0, 16]}}"#,
    #"{"t": {"dtype": "F32", "shape": [5], "data_offsets": [0, 16]}}"#,
    #"{"t": {"dtype": "F99", "shape": [4], "data_offsets": [0, 16]}}"#,
    #"{"t": {"dtype": "F32", "shape": [4]}}"#, "nonsense", "",
  ])
  func refusesHostileWeightFiles(header: String) throws {
    let graph = try small().graph()
    let error = failure {
      _ = try ModelFile(
        graph: graph, weights: safetensors(Data(header.utf8), [UInt8](repeating: 0, count: 16)))
    }
    guard case .malformedWeights = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [[], [1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 255, 1]] as [[UInt8]])
  func refusesWeightFilesThatAreCutShort(bytes: [UInt8]) throws {
    let graph = try small().graph()
    guard case .malformedWeights = failure({ _ = try ModelFile(graph: graph, weights: bytes) })
    else {
      Issue.record("accepted")
      return
    }
  }

  @Test func countsWeightsThatManyLayersShare() throws {
    var builder = small()
    // A million numbers are read by each of 70 layers, more than 2²⁶ together.
    builder.tensors.append(("shared", [1024, 1024, 1, 1], []))
    builder.convolution(
      "wide", of: "image", weights: [Float](repeating: 0, count: 1024 * 3),
      shape: [1024, 3, 1, 1], bias: [Float](repeating: 0, count: 1024))
    builder.tensors[2].values = [Float](repeating: 0, count: 1024 * 1024)
    for index in 0..<70 {
      builder.layers.append([
        "name": "layer \(index)", "operation": "convolution", "inputs": ["wide"],
        "kernel": [1, 1], "weight": "shared",
      ])
    }
    guard case .invalidLayer = failure(of: builder) else {
      Issue.record("accepted")
      return
    }
  }

  @Test func refusesRunsThatWouldTakeTooMuchMemory() throws {
    let network = try Network(small().file())
    var workspace = Workspace(memoryLimit: 1 << 20)
    let pixels = [UInt8](repeating: 0, count: 3 * 1000 * 1000)
    let error = failure {
      try workspace.run(network, pixels: pixels.span, width: 1000, height: 1000)
    }
    guard case .tooMuchMemory(_, limit: 1 << 20) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // And can still be used for what fits.
    try workspace.run(network, pixels: pixels.span.extracting(0..<300), width: 10, height: 10)
    #expect(try workspace.output("first").shape.count == 400)
  }

  @Test func refusesImagesThatDoNotSuit() throws {
    let network = try Network(bundledModel("sface"))
    var workspace = Workspace()
    let pixels = [UInt8](repeating: 0, count: 3 * 112 * 112)
    #expect(
      failure { try workspace.run(network, pixels: pixels.span, width: 100, height: 112) }
        == .wrongImageSize(width: 100, height: 112, expected: "112×112 pixels"))
    #expect(
      failure {
        try workspace.run(network, pixels: pixels.span.extracting(0..<7), width: 112, height: 112)
      } == .wrongPixelCount(found: 7, expected: 37_632))
    let detector = try Network(bundledModel("yunet"))
    for (width, height) in [(0, 10), (10, -1), (1 << 40, 1), (20_000, 1)] {
      guard
        case .wrongImageSize = failure({
          try workspace.run(detector, pixels: pixels.span, width: width, height: height)
        })
      else {
        Issue.record("\(width)×\(height) was accepted")
        continue
      }
    }
    #expect(failure { _ = try workspace.output("fc1") } == .unknownOutput(name: "fc1"))
  }

  @Test func namesTheFileThatCannotBeRead() {
    #expect(
      failure { _ = try ModelFile(graphPath: "/does/not/exist", weightsPath: "/nor/this") }
        == .unreadable(path: "/does/not/exist", code: 2))
  }

  @Test func everyErrorSaysSomething() {
    let errors: [ModelError] = [
      .unreadable(path: "x", code: 2), .tooMuchMemory(bytes: 2, limit: 1),
      .unsupportedVersion(found: 2, supported: 1), .unknownOutput(name: "x"),
    ]
    for error in errors { #expect(error.description.count > 10) }
  }
}
