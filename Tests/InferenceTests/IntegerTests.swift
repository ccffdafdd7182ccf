import Inference
import Kernels
import Testing

/// Depthwise and pointwise convolutions that run in 16-bit integers.
@Suite struct IntegerTests {
  /// A depthwise convolution, rectified, and a pointwise one behind a layer that spreads the image's
  /// channels; with the range of what lies between.
  private static func builder(
    channels: Int, outputs: Int, stride: Int = 1, range: Float = 8
  ) -> ModelBuilder {
    var noise = Noise(seed: 21)
    var builder = ModelBuilder()
    builder.convolution(
      "spread", of: "image", weights: noise.values(channels * 3), shape: [channels, 3, 1, 1],
      bias: noise.values(channels))
    builder.convolution(
      "depthwise", of: "spread", weights: noise.values(channels * 9), shape: [channels, 1, 3, 3],
      bias: noise.values(channels), stride: stride, padding: 1, groups: channels)
    builder.tensors.append(("slope", [channels], noise.values(channels)))
    builder.layers.append([
      "name": "active", "operation": "prelu", "inputs": ["depthwise"], "slope": "slope",
    ])
    builder.convolution(
      "pointwise", of: "active", weights: noise.values(outputs * channels),
      shape: [outputs, channels, 1, 1], bias: noise.values(outputs))
    builder.output("pointwise")
    builder.ranges = [("active", [channels], [Float](repeating: range, count: channels))]
    return builder
  }

  private static func run(
    _ network: Network, size: (height: Int, width: Int)
  ) throws -> [Float] {
    var workspace = Workspace()
    let pixels = noisePixels(3 * size.height * size.width)
    try workspace.run(network, pixels: pixels.span, width: size.width, height: size.height)
    return try workspace.output("pointwise").values
  }

  /// Around blocks, pairs of blocks and tiles: channels, outputs, stride, height and width.
  static let cases = [
    (2, 1, 1, 1, 1), (16, 16, 1, 5, 7), (17, 31, 1, 9, 14), (32, 33, 2, 13, 6),
    (33, 48, 1, 4, 29), (48, 64, 2, 61, 40), (80, 16, 1, 203, 21), (512, 512, 1, 14, 14),
  ]

  @Test(arguments: ProcessorLevel.available, cases)
  func staysNearSinglePrecision(
    level: ProcessorLevel,
    item: (channels: Int, outputs: Int, stride: Int, height: Int, width: Int)
  ) throws {
    let file = try Self.builder(
      channels: item.channels, outputs: item.outputs, stride: item.stride
    ).file()
    let size = (item.height, item.width)
    let integers = try Network(file, level: level, precision: .int16)
    let floats = try Network(file, level: level)
    #expect(integers.precision == .int16 && floats.precision == .float32)
    let (found, expected) = (
      try Self.run(integers, size: size), try Self.run(floats, size: size)
    )
    // Activations are off by up to 8/4096/2, weights by as much as their sum of magnitudes, some
    // half a channel each, divided by 2¹⁸; errors have random signs.
    let bound = 0.005 * Float(item.channels).squareRoot()
    let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest < bound)
    #expect(largest > 0)
  }

  /// The plain kernels round twice where the others multiply and add at once: an activation near
  /// the middle between two integers can become the other one.
  @Test func isTheSameWithPlainInstructions() throws {
    let file = try Self.builder(channels: 40, outputs: 24).file()
    let plain = try Self.run(
      Network(file, level: .baseline, precision: .int16), size: (31, 17))
    let best = try Self.run(
      Network(file, level: .supported, precision: .int16), size: (31, 17))
    let unit: Float = 8 / 4095
    let differing = zip(plain, best).count { abs($0 - $1) > 1e-5 }
    #expect(differing < plain.count / 20)
    #expect(zip(plain, best).allSatisfy { abs($0 - $1) < 3 * unit })
  }

  /// Activations far beyond their range are cut off, and nothing wraps around.
  @Test(arguments: ProcessorLevel.available)
  func cutsOffWhatIsTooLarge(level: ProcessorLevel) throws {
    var builder = Self.builder(channels: 512, outputs: 16, range: 1e-4)
    builder.ranges[0].values = [Float](repeating: 1e-4, count: 512)
    let integers = try Network(builder.file(), level: level, precision: .int16)
    let values = try Self.run(integers, size: (5, 5))
    // 512 weights below 1, activations of at most 8 ranges, a bias below 1.
    #expect(values.allSatisfy { abs($0) < 1 + 512 * 8e-4 })
  }

  @Test func keepsSinglePrecisionWhereRangesAreUnknown() throws {
    var builder = Self.builder(channels: 16, outputs: 16)
    builder.ranges = []
    #expect(try Network(builder.file(), precision: .int16).precision == .float32)
  }

  /// Somebody else reads the floats.
  @Test func keepsSinglePrecisionWhereTheActivationIsReadTwice() throws {
    var builder = Self.builder(channels: 16, outputs: 16)
    builder.output("active")
    #expect(try Network(builder.file(), precision: .int16).precision == .float32)
  }

  @Test(arguments: [
    ("nobody", 16, Float(1)), ("active", 15, 1), ("active", 16, 0), ("image", 3, 1),
  ])
  func refusesRangesThatSuitNoLayer(name: String, count: Int, value: Float) throws {
    var builder = Self.builder(channels: 16, outputs: 16)
    builder.ranges = [(name, [count], [Float](repeating: value, count: count))]
    let file = try builder.file()
    do {
      _ = try Network(file, precision: .float32)
      Issue.record("the ranges were taken")
    } catch {
      guard case .malformedRanges = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
