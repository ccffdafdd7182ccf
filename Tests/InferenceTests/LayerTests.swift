import Inference
import Kernels
import Testing

/// One operation at a time, over odd sizes and at every level, against plain loops.
@Suite struct LayerTests {
  /// A first layer that hands the image's channels on: channel `i` is image channel `i % 3`, scaled.
  ///
  /// Layers under test can then have any number of input channels.
  private static func spread(_ builder: inout ModelBuilder, channels: Int) -> String {
    var weights = [Float](repeating: 0, count: channels * 3)
    for channel in 0..<channels {
      weights[channel * 3 + channel % 3] = 1 - Float(channel) * 0.05
    }
    builder.convolution(
      "spread", of: "image", weights: weights, shape: [channels, 3, 1, 1],
      bias: (0..<channels).map { 0.1 * Float($0 % 5) - 0.2 })
    return "spread"
  }

  /// What ``spread(_:channels:)`` makes of an image, planar.
  private static func spreadImage(_ pixels: [UInt8], _ shape: PlainShape) -> [Float] {
    var values: [Float] = []
    for channel in 0..<shape.channels {
      for pixel in 0..<(shape.height * shape.width) {
        let value = Float(pixels[pixel * 3 + channel % 3]) * 0.01
        values.append(
          value * (1 - Float(channel) * 0.05) + 0.1 * Float(channel % 5) - 0.2)
      }
    }
    return values
  }

  private static func run(
    _ builder: ModelBuilder, level: ProcessorLevel, pixels: [UInt8], width: Int, height: Int,
    output: String
  ) throws -> (shape: TensorShape, values: [Float]) {
    let network = try Network(builder.file(), level: level)
    var workspace = Workspace()
    try workspace.run(network, pixels: pixels.span, width: width, height: height)
    return try workspace.output(output)
  }

  /// Planar to row-major with channels last.
  private static func interleaved(_ values: [Float], _ shape: PlainShape) -> [Float] {
    var result: [Float] = []
    for pixel in 0..<(shape.height * shape.width) {
      for channel in 0..<shape.channels {
        result.append(values[channel * shape.height * shape.width + pixel])
      }
    }
    return result
  }

  private static func expectEqual(_ found: [Float], _ expected: [Float]) {
    #expect(found.count == expected.count)
    let largest = zip(found, expected).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? 0
    // Sums of up to some hundred products of numbers near 1, taken in another order.
    #expect(largest < 2e-5)
  }

  struct Convolution: CustomTestStringConvertible {
    var input: Int
    var output: Int
    var size: (height: Int, width: Int)
    var kernel: (height: Int, width: Int)
    var stride = 1
    var padding = 0
    var isDepthwise = false
    var testDescription: String {
      "\(input)→\(output) \(size) kernel \(kernel) stride \(stride) padding \(padding)"
        + (isDepthwise ? " depthwise" : "")
    }
  }

  /// Around the widths of vectors, panels, tiles and strips, where tails go wrong.
  static let convolutions = [
    Convolution(input: 1, output: 1, size: (1, 1), kernel: (1, 1)),
    Convolution(input: 16, output: 16, size: (7, 7), kernel: (1, 1)),
    Convolution(input: 17, output: 31, size: (5, 9), kernel: (1, 1)),
    Convolution(input: 32, output: 33, size: (13, 6), kernel: (1, 1)),
    Convolution(input: 15, output: 48, size: (3, 11), kernel: (1, 1), stride: 2),
    // Around the widest tiles, 14 pixels and the half of it, of one block of channels, two and three.
    Convolution(input: 16, output: 16, size: (3, 14), kernel: (1, 1)),
    Convolution(input: 32, output: 16, size: (2, 37), kernel: (1, 1)),
    Convolution(input: 16, output: 48, size: (5, 21), kernel: (1, 1)),
    Convolution(input: 48, output: 64, size: (4, 29), kernel: (1, 1)),
    // Weights too large to stay in the cache.
    Convolution(input: 64, output: 64, size: (7, 7), kernel: (3, 3), padding: 1),
    Convolution(input: 64, output: 80, size: (5, 11), kernel: (3, 3), padding: 1),
    // Of 3×3 pixels with many channels, whose tiles of 2×2 pixels may reach over the edge.
    Convolution(input: 32, output: 33, size: (1, 1), kernel: (3, 3), padding: 1),
    Convolution(input: 33, output: 48, size: (6, 9), kernel: (3, 3)),
    Convolution(input: 32, output: 32, size: (61, 47), kernel: (3, 3), padding: 1),
    // Less than a block of channels, and rows shorter than a tile.
    Convolution(input: 8, output: 24, size: (9, 10), kernel: (3, 3), padding: 1),
    Convolution(input: 17, output: 31, size: (3, 3), kernel: (3, 3), padding: 1),
    Convolution(input: 3, output: 8, size: (9, 10), kernel: (3, 3), padding: 1),
    Convolution(input: 16, output: 20, size: (10, 9), kernel: (3, 3), stride: 2, padding: 1),
    Convolution(input: 5, output: 7, size: (12, 14), kernel: (5, 3), padding: 2),
    Convolution(input: 4, output: 64, size: (15, 15), kernel: (7, 7), stride: 2, padding: 3),
    Convolution(input: 16, output: 16, size: (7, 5), kernel: (3, 3), padding: 1, isDepthwise: true),
    Convolution(
      input: 33, output: 33, size: (6, 49), kernel: (3, 3), padding: 1, isDepthwise: true),
    Convolution(
      input: 20, output: 20, size: (9, 97), kernel: (3, 3), stride: 2, padding: 1, isDepthwise: true
    ),
    Convolution(input: 18, output: 18, size: (8, 8), kernel: (5, 5), padding: 2, isDepthwise: true),
    Convolution(
      input: 18, output: 18, size: (11, 8), kernel: (3, 2), stride: 3, isDepthwise: true),
  ]

  @Test(arguments: convolutions, ProcessorLevel.available)
  func convolvesLikeThePlainLoop(_ item: Convolution, level: ProcessorLevel) throws {
    var noise = Noise(seed: 5)
    var builder = ModelBuilder()
    let source = Self.spread(&builder, channels: item.input)
    let perGroup = item.isDepthwise ? 1 : item.input
    let shape = [item.output, perGroup, item.kernel.height, item.kernel.width]
    let weights = noise.values(shape.reduce(1, *))
    let bias = noise.values(item.output)
    let slopes = noise.values(item.output)
    builder.convolution(
      "test", of: source, weights: weights, shape: shape, bias: bias, stride: item.stride,
      padding: item.padding, groups: item.isDepthwise ? item.input : 1)
    builder.tensors.append(("slopes", [item.output], slopes))
    builder.layers.append([
      "name": "active", "operation": "prelu", "inputs": ["test"], "slope": "slopes",
    ])
    builder.output("active")

    let input = PlainShape(
      channels: item.input, height: item.size.height, width: item.size.width)
    let pixels = noisePixels(3 * input.height * input.width)
    let found = try Self.run(
      builder, level: level, pixels: pixels, width: input.width, height: input.height,
      output: "active")
    let expected = plainConvolution(
      Self.spreadImage(pixels, input), input, weights: weights, bias: bias, slopes: slopes,
      window: PlainWindow(
        height: item.kernel.height, width: item.kernel.width, stride: item.stride,
        padding: item.padding), isDepthwise: item.isDepthwise)
    Self.expectEqual(found.values, Self.interleaved(expected.values, expected.shape))
  }

  /// Convolutions that several images share: small maps, and those of 3×3 pixels with many channels.
  static let shared = [
    Convolution(input: 64, output: 64, size: (3, 3), kernel: (3, 3), padding: 1),
    Convolution(input: 40, output: 80, size: (9, 7), kernel: (5, 3), stride: 2),
    Convolution(input: 64, output: 16, size: (8, 8), kernel: (8, 8)),
    Convolution(input: 48, output: 48, size: (7, 7), kernel: (3, 3), padding: 1),
    Convolution(input: 32, output: 64, size: (14, 13), kernel: (3, 3), padding: 1),
  ]

  @Test(arguments: shared, ProcessorLevel.available)
  func givesTheSameForSeveralImagesTogether(_ item: Convolution, level: ProcessorLevel) throws {
    var noise = Noise(seed: 7)
    var builder = ModelBuilder()
    builder.input["size"] = ["width": item.size.width, "height": item.size.height]
    let source = Self.spread(&builder, channels: item.input)
    let shape = [item.output, item.input, item.kernel.height, item.kernel.width]
    let (weights, bias) = (noise.values(shape.reduce(1, *)), noise.values(item.output))
    builder.convolution(
      "test", of: source, weights: weights, shape: shape, bias: bias, stride: item.stride,
      padding: item.padding)
    builder.layer("relu", "active", of: ["test"])
    builder.output("active")
    let network = try Network(builder.file(), level: level)
    let input = PlainShape(channels: item.input, height: item.size.height, width: item.size.width)
    let images = (1...17).map { noisePixels(3 * input.height * input.width, seed: $0) }
    var workspace = Workspace()
    let alone = try images.map {
      try workspace.run(network, pixels: $0.span, width: input.width, height: input.height)
      return try workspace.output("active").values
    }
    let expected = plainConvolution(
      Self.spreadImage(images[0], input), input, weights: weights, bias: bias,
      slopes: [Float](repeating: 0, count: item.output),
      window: PlainWindow(
        height: item.kernel.height, width: item.kernel.width, stride: item.stride,
        padding: item.padding), isDepthwise: false)
    Self.expectEqual(alone[0], Self.interleaved(expected.values, expected.shape))
    for count in [1, 2, 5, 17, 3] {
      let together = try workspace.outputs(
        of: network, images: Array(images.prefix(count)), width: input.width, height: input.height)
      #expect(together == Array(alone.prefix(count)))
    }
    #expect(throws: ModelError.wrongPixelCount(found: 3, expected: images[0].count)) {
      try workspace.outputs(
        of: network, images: [images[0], [0, 0, 0]], width: input.width, height: input.height)
    }
  }

  /// Pairs that run together, over more rows than are taken at a time.
  @Test(arguments: [(5, 7), (61, 40), (203, 101)], ProcessorLevel.available)
  func runsJoinedConvolutionsLikeOneAfterTheOther(
    size: (height: Int, width: Int), level: ProcessorLevel
  ) throws {
    var noise = Noise(seed: 11)
    for order in ["pd", "dp", "pdpd", "dpdp"] {
      var builder = ModelBuilder()
      var previous = Self.spread(&builder, channels: 24)
      for (index, kind) in order.enumerated() {
        let name = "\(kind)\(index)"
        if kind == "p" {
          builder.convolution(
            name, of: previous, weights: noise.values(24 * 24), shape: [24, 24, 1, 1],
            bias: noise.values(24))
        } else {
          builder.convolution(
            name, of: previous, weights: noise.values(24 * 9), shape: [24, 1, 3, 3],
            bias: noise.values(24), stride: index == 2 ? 2 : 1, padding: 1, groups: 24)
        }
        builder.layer("relu", "\(name).relu", of: [name])
        previous = "\(name).relu"
      }
      builder.output(previous)
      let inner = builder.layers.compactMap { $0["name"] as? String }.filter { $0 != previous }
      let pixels = noisePixels(3 * size.height * size.width)
      let joined = try Network(builder.file(), level: level)
      let separate = try Network(builder.file(), level: level, exposing: inner)
      var workspace = Workspace()
      try workspace.run(joined, pixels: pixels.span, width: size.width, height: size.height)
      let found = try workspace.output(previous)
      try workspace.run(separate, pixels: pixels.span, width: size.width, height: size.height)
      let expected = try workspace.output(previous)
      #expect(found.shape == expected.shape)
      // As one truth: explaining a difference of long arrays takes minutes.
      let isSame = found.values == expected.values
      #expect(isSame, "\(order)")
    }
  }

  /// A pooling that joins the convolution before it, and an upsampling the addition after it.
  @Test(arguments: [(2, 2), (5, 7), (61, 40), (203, 150)], ProcessorLevel.available)
  func runsJoinedNeighboursLikeOneAfterTheOther(
    size: (height: Int, width: Int), level: ProcessorLevel
  ) throws {
    var noise = Noise(seed: 13)
    // A rectifier, a leaky one, and one that must not be joined since it falls before it rises.
    for slope: Float in [0, 0.25, -0.5] {
      var builder = ModelBuilder()
      var previous = Self.spread(&builder, channels: 24)
      for index in 0..<2 {
        let name = "depthwise\(index)"
        builder.convolution(
          name, of: previous, weights: noise.values(24 * 9), shape: [24, 1, 3, 3],
          bias: noise.values(24), padding: 1, groups: 24)
        builder.tensors.append(("\(name).slope", [24], [Float](repeating: slope, count: 24)))
        builder.layers += [
          [
            "name": "\(name).active", "operation": "prelu", "inputs": [name],
            "slope": "\(name).slope",
          ],
          [
            "name": "\(name).pooled", "operation": "maximumPooling",
            "inputs": ["\(name).active"], "kernel": [2, 2], "stride": [2, 2],
            "padding": [0, 0, 0, 0],
          ],
          [
            "name": "\(name).large", "operation": "nearestUpsampling",
            "inputs": ["\(name).pooled"], "factor": 1 + index,
          ],
          ["name": "\(name).sum", "operation": "add", "inputs": ["\(name).large", previous]],
        ]
        // The sum needs even sizes, so that the first round adds the small picture to itself.
        if index == 0 { builder.layers.removeLast(2) }
        previous = index == 0 ? "\(name).pooled" : "\(name).sum"
      }
      builder.output(previous)
      let inner = builder.layers.compactMap { $0["name"] as? String }.filter { $0 != previous }
      // Whole after the first pooling, for the second to be undone.
      let (height, width) = ((size.height + 3) / 4 * 4, (size.width + 3) / 4 * 4)
      let pixels = noisePixels(3 * height * width)
      var workspace = Workspace()
      var results: [[Float]] = []
      for exposed in [[], inner] {
        let network = try Network(builder.file(), level: level, exposing: exposed)
        try workspace.run(network, pixels: pixels.span, width: width, height: height)
        results.append(try workspace.output(previous).values)
      }
      // As one truth: explaining a difference of long arrays takes minutes.
      let isSame = results[0] == results[1]
      #expect(isSame, "slope \(slope)")
    }
  }

  @Test(arguments: ProcessorLevel.available)
  func poolsAnOddPlaneBehindAConvolutionWithoutItsLastRowAndColumn(level: ProcessorLevel) throws {
    var noise = Noise(seed: 17)
    var builder = ModelBuilder()
    let source = Self.spread(&builder, channels: 20)
    builder.convolution(
      "depthwise", of: source, weights: noise.values(20 * 9), shape: [20, 1, 3, 3],
      bias: noise.values(20), padding: 1, groups: 20)
    builder.layers.append([
      "name": "pooled", "operation": "maximumPooling", "inputs": ["depthwise"],
      "kernel": [2, 2], "stride": [2, 2], "padding": [0, 0, 0, 0],
    ])
    builder.output("pooled")
    let pixels = noisePixels(3 * 9 * 7)
    var workspace = Workspace()
    var results: [TensorShape: [Float]] = [:]
    for exposed in [[], ["depthwise"]] {
      let network = try Network(builder.file(), level: level, exposing: exposed)
      try workspace.run(network, pixels: pixels.span, width: 9, height: 7)
      let (shape, values) = try workspace.output("pooled")
      #expect(shape == TensorShape(height: 3, width: 4, channels: 20))
      #expect(results[shape, default: values] == values)
      results[shape] = values
    }
  }

  @Test(arguments: ProcessorLevel.available)
  func convolvesInGroupsLikeTheBlocksOfADenseOne(level: ProcessorLevel) throws {
    var noise = Noise(seed: 3)
    var builder = ModelBuilder()
    let source = Self.spread(&builder, channels: 6)
    let weights = noise.values(4 * 3 * 9)
    let bias = noise.values(4)
    builder.convolution(
      "grouped", of: source, weights: weights, shape: [4, 3, 3, 3], bias: bias, stride: 2,
      padding: 1, groups: 2)
    var dense = [Float](repeating: 0, count: 4 * 6 * 9)
    for output in 0..<4 {
      for input in 0..<3 {
        for tap in 0..<9 {
          dense[(output * 6 + output / 2 * 3 + input) * 9 + tap] =
            weights[(output * 3 + input) * 9 + tap]
        }
      }
    }
    builder.convolution(
      "dense", of: source, weights: dense, shape: [4, 6, 3, 3], bias: bias, stride: 2, padding: 1)
    builder.output("grouped")
    builder.output("dense")
    let network = try Network(builder.file(), level: level)
    var workspace = Workspace()
    try workspace.run(network, pixels: noisePixels(3 * 9 * 7).span, width: 9, height: 7)
    Self.expectEqual(try workspace.output("grouped").values, try workspace.output("dense").values)
  }

  @Test(arguments: ProcessorLevel.available)
  func computesTheSmallOperations(level: ProcessorLevel) throws {
    var builder = ModelBuilder()
    let source = Self.spread(&builder, channels: 18)
    builder.layers += [
      [
        "name": "maximum", "operation": "maximumPooling", "inputs": [source], "kernel": [3, 3],
        "stride": [2, 2], "padding": [1, 1, 1, 1],
      ],
      [
        "name": "average", "operation": "averagePooling", "inputs": [source], "kernel": [2, 2],
        "stride": [2, 2],
      ],
      ["name": "global", "operation": "globalAveragePooling", "inputs": [source]],
      ["name": "large", "operation": "nearestUpsampling", "inputs": ["average"], "factor": 2],
      ["name": "sum", "operation": "add", "inputs": [source, "large"]],
      ["name": "scaled", "operation": "multiply", "inputs": [source, "global"]],
      ["name": "squared", "operation": "multiply", "inputs": [source, source]],
      ["name": "both", "operation": "concatenation", "inputs": [source, "sum"]],
      ["name": "logistic", "operation": "sigmoid", "inputs": [source]],
      ["name": "share", "operation": "softmax", "inputs": [source]],
      ["name": "positive", "operation": "relu", "inputs": [source]],
    ]
    for layer in builder.layers { builder.output(layer["name"] as? String ?? "") }
    let network = try Network(builder.file(), level: level)
    var workspace = Workspace()
    let (width, height) = (8, 6)
    try workspace.run(
      network, pixels: noisePixels(3 * width * height).span, width: width, height: height)
    let (_, x) = try workspace.output("spread")
    func at(_ y: Int, _ column: Int, _ c: Int) -> Float { x[(y * width + column) * 18 + c] }
    let results = try Dictionary(
      uniqueKeysWithValues: network.outputs.map { ($0.name, try workspace.output($0.name)) })
    func result(_ name: String, _ y: Int, _ column: Int, _ c: Int) -> Float {
      guard let (shape, values) = results[name] else { return .nan }
      return values[(y * shape.width + column) * shape.channels + c]
    }
    for c in 0..<18 {
      let all = (0..<48).map { x[$0 * 18 + c] }
      let mean = all.reduce(0, +) / 48
      #expect(abs(result("global", 0, 0, c) - mean) < 1e-5)
      for y in 0..<6 {
        for column in 0..<8 {
          let value = at(y, column, c)
          let corner = (y / 2 * 2, column / 2 * 2)
          let average =
            (at(corner.0, corner.1, c) + at(corner.0 + 1, corner.1, c)
              + at(corner.0, corner.1 + 1, c) + at(corner.0 + 1, corner.1 + 1, c)) / 4
          #expect(abs(result("sum", y, column, c) - value - average) < 1e-5)
          #expect(abs(result("scaled", y, column, c) - value * mean) < 1e-5)
          #expect(abs(result("squared", y, column, c) - value * value) < 1e-5)
          #expect(result("both", y, column, c) == value)
          #expect(result("both", y, column, c + 18) == result("sum", y, column, c))
          #expect(abs(result("logistic", y, column, c) - 1 / (1 + exponential(-value))) < 1e-5)
          #expect(result("positive", y, column, c) == max(0, value))
          let total = (0..<18).reduce(Float(0)) { $0 + exponential(at(y, column, $1)) }
          #expect(abs(result("share", y, column, c) - exponential(value) / total) < 1e-5)
        }
      }
      for y in 0..<3 {
        for column in 0..<4 {
          let window = (max(0, 2 * y - 1)...min(5, 2 * y + 1)).flatMap { row in
            (max(0, 2 * column - 1)...min(7, 2 * column + 1)).map { at(row, $0, c) }
          }
          #expect(result("maximum", y, column, c) == window.max())
        }
      }
    }
  }

  /// Of channels that fill no whole block, behind an operation that leaves numbers in the rest of it.
  @Test(arguments: ProcessorLevel.available)
  func padsWithZerosAroundPixelsAndAfterChannels(level: ProcessorLevel) throws {
    var builder = ModelBuilder()
    let source = Self.spread(&builder, channels: 18)
    builder.layer("sigmoid", "logistic", of: [source])
    builder.layers.append([
      "name": "padded", "operation": "zeroPadding", "inputs": ["logistic"],
      "padding": [1, 2, 3, 0], "channels": 20,
    ])
    builder.output("logistic")
    builder.output("padded")
    let network = try Network(builder.file(), level: level)
    var workspace = Workspace()
    try workspace.run(network, pixels: noisePixels(3 * 7 * 5).span, width: 7, height: 5)
    let (_, x) = try workspace.output("logistic")
    let (shape, values) = try workspace.output("padded")
    #expect(shape == TensorShape(height: 9, width: 9, channels: 38))
    for row in 0..<9 {
      for column in 0..<9 {
        for channel in 0..<38 {
          let isInside = (1..<6).contains(row) && column >= 2 && channel < 18
          let expected = isInside ? x[((row - 1) * 7 + column - 2) * 18 + channel] : 0
          #expect(values[(row * 9 + column) * 38 + channel] == expected)
        }
      }
    }
  }

  @Test(arguments: ProcessorLevel.available)
  func multipliesFullyConnectedInTheOrderOfTheFile(level: ProcessorLevel) throws {
    var noise = Noise(seed: 9)
    var builder = ModelBuilder()
    builder.input["size"] = ["width": 5, "height": 3]
    let source = Self.spread(&builder, channels: 17)
    let count = 17 * 15
    let weights = noise.values(70 * count)
    builder.tensors += [("w", [70, count], weights), ("b", [70], noise.values(70))]
    builder.layers.append([
      "name": "full", "operation": "fullyConnected", "inputs": [source], "weight": "w", "bias": "b",
    ])
    builder.output("full")
    let pixels = noisePixels(45)
    let found = try Self.run(
      builder, level: level, pixels: pixels, width: 5, height: 3, output: "full")
    let x = Self.spreadImage(pixels, PlainShape(channels: 17, height: 3, width: 5))
    for output in 0..<70 {
      let expected = (0..<count).reduce(builder.tensors[3].values[output]) {
        $0 + x[$1] * weights[output * count + $1]
      }
      // Weights have 8 significant bits: errors of 2⁻⁹ each, of random sign.
      #expect(abs(found.values[output] - expected) < 0.05)
    }
  }

  private func exponential(_ x: Float) -> Float {
    var (term, sum): (Double, Double) = (1, 1)
    for n in 1..<40 {
      term *= Double(x) / Double(n)
      sum += term
    }
    return Float(sum)
  }
}
