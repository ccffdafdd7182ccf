import Inference
import Testing

@Suite struct LayerCostTests {
  @Test func countsTheProductsAndBytesOfEachKindOfLayer() throws {
    var builder = ModelBuilder()
    builder.input["size"] = ["width": 4, "height": 2]
    builder.convolution(
      "dense", of: "image", weights: [Float](repeating: 1, count: 5 * 3 * 9), shape: [5, 3, 3, 3],
      bias: [Float](repeating: 0, count: 5), padding: 1)
    builder.layer("relu", "active", of: ["dense"])
    builder.convolution(
      "depthwise", of: "active", weights: [Float](repeating: 1, count: 5 * 9),
      shape: [5, 1, 3, 3], bias: [Float](repeating: 0, count: 5), padding: 1, groups: 5)
    builder.tensors += [
      ("w", [7, 40], [Float](repeating: 1, count: 280)),
      ("b", [7], [Float](repeating: 0, count: 7)),
    ]
    builder.layers.append([
      "name": "full", "operation": "fullyConnected", "inputs": ["depthwise"], "weight": "w",
      "bias": "b",
    ])
    builder.output("full")
    let costs = try Network(builder.file()).layerCosts(width: 4, height: 2)
    #expect(costs.map(\.name) == ["dense", "depthwise", "full"])
    // 8 pixels; an image of bytes.
    #expect(costs.map(\.operations) == [2 * 8 * 5 * 27, 2 * 8 * 5 * 9, 2 * 280])
    #expect(
      costs.map(\.bytes) == [
        24 + 4 * (40 + 135), 4 * (40 + 40 + 45), 4 * (40 + 7) + 2 * 280,
      ])
  }

  /// 1.148 billion operations, as counted from the original network by other means.
  @Test func countsTheWholeEmbedder() throws {
    let costs = try Network(bundledModel("sface")).layerCosts(width: 112, height: 112)
    #expect(abs(costs.reduce(0) { $0 + $1.operations } - 1_148_000_000) < 1_000_000)
  }
}
