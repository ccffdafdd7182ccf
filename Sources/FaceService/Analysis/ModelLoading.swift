internal import EventLog
internal import FaceAnalysis
internal import FaceTypes
internal import Inference
internal import Kernels
internal import Threading

extension ModelBundle {
  /// The least cosine similarity between the outputs of two sets of instructions; rounding alone
  /// leaves more than 0.99999, that to integers included.
  private static let leastAgreement: Float = 0.9999

  /// Loads the models for the fastest instructions, up to `level`, that give the right answers.
  ///
  /// Before anything is served, the embedder runs once with the chosen instructions and once with plain
  /// ones, beside it on a thread of its own. A processor or a build whose results differ falls back,
  /// and the log says so.
  static func load(
    directory: String, attributes: AttributeNetworks, level: ProcessorLevel, allowsIntegers: Bool,
    log: Log
  ) throws -> ModelBundle {
    let files = try ModelFiles(directory: directory)
    guard level > .baseline else {
      return try ModelBundle(
        files, level: level, precision: .float32, attributes: attributes)
    }
    let expected = Background(named: "check-kernels") {
      try testOutput(of: embedder(files, level: .baseline, precision: .float32))
    }
    for (level, precision) in candidates(upTo: level, allowsIntegers: allowsIntegers) {
      let bundle = try ModelBundle(
        files, level: level, precision: precision, attributes: attributes)
      let output = try testOutput(of: bundle.embedder)
      if agreement(output, try expected.value()) > leastAgreement { return bundle }
      log.warning(
        "wrong results with these instructions",
        ["level": level.rawValue, "precision": precision.rawValue])
    }
    return try ModelBundle(
      files, level: .baseline, precision: .float32, attributes: attributes)
  }

  /// What to try above the plain instructions, the fastest first.
  private static func candidates(
    upTo highest: ProcessorLevel, allowsIntegers: Bool
  ) -> [(level: ProcessorLevel, precision: Precision)] {
    ProcessorLevel.allCases.sorted(by: >).filter { $0 <= highest && $0 > .baseline }
      .flatMap { level in
        let precisions: [Precision] =
          allowsIntegers && Precision.best(for: level) == .int16 ? [.int16, .float32] : [.float32]
        return precisions.map { (level, $0) }
      }
  }

  /// What an embedder makes of a picture that is the same everywhere.
  private static func testOutput(of embedder: Network) throws -> [Float] {
    guard case .fixed(let width, let height) = embedder.input.size else { return [] }
    // A smooth pattern with an edge, so that every layer has something to do.
    let pixels = (0..<3 * width * height).map { position -> UInt8 in
      let (pixel, channel) = (position / 3, position % 3)
      let (x, y) = (pixel % width, pixel / width)
      return UInt8(truncatingIfNeeded: (x * (channel + 1) + 2 * y + (x > y ? 90 : 0)) / 2)
    }
    var workspace = Workspace()
    try workspace.run(embedder, pixels: pixels.span, width: width, height: height)
    return try workspace.output(embedder.outputs[0].name).values
  }

  private static func agreement(_ first: [Float], _ second: [Float]) -> Float {
    func product(_ left: [Float], _ right: [Float]) -> Float {
      zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let lengths = (product(first, first) * product(second, second)).squareRoot()
    return lengths > 0 ? product(first, second) / lengths : 0
  }
}
