internal import EventLog
internal import FaceAnalysis
internal import Inference
internal import Kernels
internal import Threading

extension ModelBundle {
  /// The least cosine similarity between the outputs of two instruction levels; rounding alone
  /// leaves more than 0.999999.
  private static let leastAgreement: Float = 0.9999

  /// Loads the models for the widest instructions, up to `level`, that give the right answers.
  ///
  /// Before anything is served, the embedder runs once at the chosen level and once with plain
  /// instructions, beside it on a thread of its own. A processor or a build whose results differ
  /// falls back, and the log says so.
  static func load(
    directory: String, level: ProcessorLevel, log: Log
  ) throws -> ModelBundle {
    let files = try ModelFiles(directory: directory)
    guard level > .baseline else { return try ModelBundle(files, level: level) }
    let expected = Background(named: "check-kernels") {
      try testOutput(of: embedder(files, level: .baseline))
    }
    for candidate in ProcessorLevel.allCases.sorted(by: >)
    where candidate <= level && candidate > .baseline {
      let bundle = try ModelBundle(files, level: candidate)
      let output = try testOutput(of: bundle.embedder)
      if agreement(output, try expected.value()) > leastAgreement { return bundle }
      log.warning("wrong results with these instructions", ["level": candidate.rawValue])
    }
    return try ModelBundle(files, level: .baseline)
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
