import Inference
import Kernels
import Testing

@Suite struct WorkspaceTests {
  /// Sizes change from image to image; nothing of an earlier, larger one may be left.
  @Test func givesTheSameResultWhateverItRanBefore() throws {
    let network = try Network(bundledModel("yunet"))
    func fresh(_ size: (Int, Int)) throws -> [Float] {
      var workspace = Workspace()
      return try run(&workspace, size)
    }
    func run(_ workspace: inout Workspace, _ size: (Int, Int)) throws -> [Float] {
      let pixels = noisePixels(3 * size.0 * size.1)
      try workspace.run(network, pixels: pixels.span, width: size.0, height: size.1)
      return try network.outputs.flatMap { try workspace.output($0.name).values }
    }
    var workspace = Workspace()
    for size in [(320, 240), (33, 65), (1, 1), (97, 320), (320, 240), (64, 64)] {
      // As one truth: explaining a difference of long arrays takes minutes.
      let isSame = try run(&workspace, size) == fresh(size)
      #expect(isSame, "\(size)")
    }
  }

  @Test func runsTwoNetworksInTurn() throws {
    let embedder = try Network(bundledModel("sface"))
    let detector = try Network(bundledModel("yunet"))
    let pixels = noisePixels(3 * 112 * 112)
    var workspace = Workspace()
    try workspace.run(embedder, pixels: pixels.span, width: 112, height: 112)
    let first = try workspace.output("fc1").values
    try workspace.run(detector, pixels: pixels.span, width: 112, height: 112)
    #expect(try workspace.output("cls_8").shape == TensorShape(height: 16, width: 16, channels: 1))
    try workspace.run(embedder, pixels: pixels.span, width: 112, height: 112)
    let isSame = try workspace.output("fc1").values == first
    #expect(isSame)
  }

  @Test func answersAlikeWhenSizesComeBack() throws {
    let detector = try Network(bundledModel("yunet"))
    // More sizes than are remembered, the first again in between and at the end.
    let sides = [96, 160, 96, 128, 64, 192, 224, 96]
    var workspace = Workspace()
    for side in sides {
      let pixels = noisePixels(3 * side * side)
      var fresh = Workspace()
      try workspace.run(detector, pixels: pixels.span, width: side, height: side)
      try fresh.run(detector, pixels: pixels.span, width: side, height: side)
      for output in detector.outputs {
        let (found, expected) = (
          try workspace.output(output.name), try fresh.output(output.name)
        )
        #expect(found.shape == expected.shape)
        #expect(found.values == expected.values, "\(output.name) at \(side)")
      }
    }
  }

  @Test func sharesOneNetworkAmongThreads() async throws {
    let network = try Network(bundledModel("sface"))
    let pixels = noisePixels(3 * 112 * 112)
    let results = try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 {
        group.addTask {
          var workspace = Workspace()
          try workspace.run(network, pixels: pixels.span, width: 112, height: 112)
          return try workspace.output("fc1").values
        }
      }
      return try await group.reduce(into: [[Float]]()) { $0.append($1) }
    }
    #expect(Set(results).count == 1)
  }

  /// The last layer runs for all images together, in pairs and alone.
  @Test(arguments: ProcessorLevel.available, [Precision.float32, .int16])
  func givesTheSameInABatch(level: ProcessorLevel, precision: Precision) throws {
    let network = try Network(bundledModel("sface"), level: level, precision: precision)
    var workspace = Workspace()
    let images = (0..<5).map { noisePixels(3 * 112 * 112, seed: UInt32($0 + 1)) }
    let alone = try images.map { image in
      try workspace.run(network, pixels: image.span, width: 112, height: 112)
      return try workspace.output("fc1").values
    }
    #expect(Set(alone).count == 5)
    for count in 1...5 {
      let batch = try workspace.outputs(
        of: network, images: Array(images.prefix(count)), width: 112, height: 112)
      #expect(batch == Array(alone.prefix(count)))
    }
    #expect(throws: ModelError.wrongPixelCount(found: 3, expected: 3 * 112 * 112)) {
      try workspace.outputs(
        of: network, images: [images[0], [0, 0, 0]], width: 112, height: 112)
    }
  }

  @Test func levelsAgree() throws {
    let pixels = noisePixels(3 * 112 * 112)
    var results: [[Float]] = []
    for level in ProcessorLevel.available {
      let network = try Network(bundledModel("sface"), level: level)
      var workspace = Workspace()
      try workspace.run(network, pixels: pixels.span, width: 112, height: 112)
      results.append(try workspace.output("fc1").values)
    }
    for result in results { #expect(cosineSimilarity(result, results[0]) > 0.999_999) }
  }
}
