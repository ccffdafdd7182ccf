import Inference
import Kernels
import Testing

/// The bundled networks against what onnxruntime computed with the original files.
@Suite struct GoldenTests {
  /// Weights are stored in half precision, which alone costs about 2e-6; integers cost as much again.
  @Test(arguments: ProcessorLevel.available, Precision.allCases)
  func embedsLikeTheOriginal(level: ProcessorLevel, precision: Precision) throws {
    let golden = try Golden("sface")
    let network = try Network(bundledModel("sface"), level: level, precision: precision)
    #expect(network.precision == precision)
    var workspace = Workspace()
    for number in 0..<3 {
      let (pixels, width, height) = try golden.image(number)
      try workspace.run(network, pixels: pixels.span, width: width, height: height)
      let (shape, values) = try workspace.output("fc1")
      #expect(shape == TensorShape(height: 1, width: 1, channels: 128))
      let expected = try golden.floats("\(number).fc1")
      #expect(cosineSimilarity(values, expected) > 0.9999)
    }
  }

  /// Weights are single precision; sums are taken in another order.
  @Test(arguments: ProcessorLevel.available, [0, 1])
  func detectsLikeTheOriginal(level: ProcessorLevel, number: Int) throws {
    let golden = try Golden("yunet")
    let network = try Network(bundledModel("yunet"), level: level)
    var workspace = Workspace()
    let (pixels, width, height) = try golden.image(number)
    try workspace.run(network, pixels: pixels.span, width: width, height: height)
    try expectOutputs(of: network, in: workspace, golden, number, relativeError: 1e-4)
  }

  /// Every output as the original has it, to a thousandth and a share of the value.
  private func expectOutputs(
    of network: Network, in workspace: borrowing Workspace, _ golden: Golden, _ number: Int,
    relativeError: Float
  ) throws {
    for output in network.outputs {
      let (shape, values) = try workspace.output(output.name)
      let expected = try golden.floats("\(number).\(output.name)")
      #expect(shape.count == expected.count)
      for (value, expected) in zip(values, expected) {
        #expect(abs(value - expected) < 1e-3 + relativeError * abs(expected), "\(output.name)")
      }
    }
  }

  /// The networks of attributes, three faces each; weights of age and gender are halves.
  @Test(arguments: ["age", "gender", "expression", "mesh"], ProcessorLevel.available)
  func answersLikeTheOriginal(name: String, level: ProcessorLevel) throws {
    let golden = try Golden(name)
    let network = try Network(bundledModel(name), level: level)
    var workspace = Workspace()
    for number in 0..<3 {
      let (pixels, width, height) = try golden.image(number)
      try workspace.run(network, pixels: pixels.span, width: width, height: height)
      // Landmarks are pixels, all else shares and the like.
      try expectOutputs(of: network, in: workspace, golden, number, relativeError: 2e-5)
    }
  }

  /// Every layer between, at fixed places; a wrong layer is named.
  ///
  /// Exposing a layer keeps it from being joined to its neighbours, so this also runs the layers one
  /// by one, which the tests above do not.
  @Test(arguments: ["sface", "yunet"], ProcessorLevel.available)
  func computesEveryLayerLikeTheOriginal(name: String, level: ProcessorLevel) throws {
    try compareLayers(of: name, level: level, precision: .float32) { _ in true }
  }

  /// What the pointwise convolutions make of integers; the layers between exist as such alone.
  @Test(arguments: ProcessorLevel.available)
  func computesEveryPointwiseLayerLikeTheOriginal(level: ProcessorLevel) throws {
    try compareLayers(of: "sface", level: level, precision: .int16) {
      $0.hasSuffix("_relu") && !$0.hasSuffix("_dw_relu")
    }
  }

  private func compareLayers(
    of name: String, level: ProcessorLevel, precision: Precision, where isWanted: (String) -> Bool
  ) throws {
    let golden = try Golden(name)
    let layers = golden.file.entries.keys.compactMap { key -> String? in
      guard key.hasPrefix("0."), key.hasSuffix(".index") else { return nil }
      return String(key.dropFirst(2).dropLast(6))
    }.filter(isWanted).sorted()
    #expect(layers.count > 12)
    let network = try Network(
      bundledModel(name), level: level, precision: precision, exposing: layers)
    #expect(network.precision == precision)
    var workspace = Workspace()
    let (pixels, width, height) = try golden.image(0)
    try workspace.run(network, pixels: pixels.span, width: width, height: height)
    for layer in layers {
      let places = try golden.floats("0.\(layer).index").map { Int($0) }
      let expected = try golden.floats("0.\(layer).value")
      let (shape, values) = try workspace.output(layer)
      let found = expected.indices.map { index in
        let (channel, row, column) = (
          places[3 * index], places[3 * index + 1], places[3 * index + 2]
        )
        return values[(row * shape.width + column) * shape.channels + channel]
      }
      #expect(cosineSimilarity(found, expected) > 0.9999, "\(layer)")
    }
  }
}
