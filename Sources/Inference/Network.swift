public import Kernels

/// A network that is ready to run: immutable, and shared by all workers.
///
/// Weights are packed once for one processor level. What a worker needs besides is in its
/// ``Workspace``.
public final class Network: Sendable {
  public let name: String
  public let input: InputDescription
  public let outputs: [OutputDescription]
  /// The instructions that it runs with.
  public let level: ProcessorLevel
  /// Single precision if no layer could be run in another.
  public let precision: Precision

  /// Without its weights, which the steps have packed.
  let graph: Graph
  let normalization: ImageNormalization
  let steps: [NetworkStep]
  let kernels: KernelTable
  let integerKernels: IntegerKernels
  /// Tensors whose words hold two 16-bit integers.
  let integerTensors: [TensorID]

  /// Checks a model and packs its weights.
  ///
  /// - Parameters:
  ///   - file: graph and weights.
  ///   - level: lowered to what this processor supports.
  ///   - precision: integers work on every processor, but are slow where ``Precision/best(for:)``
  ///     does not choose them.
  /// - Throws: ``ModelError`` if the model makes no sense or uses an unknown operation.
  public convenience init(
    _ file: ModelFile, level: ProcessorLevel = .best, precision: Precision = .float32
  ) throws(ModelError) {
    try self.init(file, level: level, precision: precision, exposing: [])
  }

  /// The same, with inner layers as further outputs, for tests and inspection.
  package init(
    _ file: ModelFile, level: ProcessorLevel, precision: Precision = .float32,
    exposing layers: [String]
  ) throws(ModelError) {
    name = file.graph.name
    input = try InputDescription(file.graph.input)
    normalization = ImageNormalization(input)
    let graph = try GraphReader.read(file, exposing: layers)
    kernels = KernelTable.forLevel(level)
    integerKernels = IntegerKernels.forLevel(level)
    self.level = kernels.level
    var shapes: [TensorShape]?
    if case .fixed(let width, let height) = input.size {
      shapes = try inferShapes(graph, imageWidth: width, imageHeight: height)
    }
    steps = try FusionPlanner.plan(
      graph, kernels: kernels,
      integerPanel: precision == .int16 ? integerKernels.channelsPerPanel : nil,
      imageOrder: normalization.order, shapes: shapes)
    integerTensors = steps.flatMap(\.integerTensors)
    self.precision = integerTensors.isEmpty ? .float32 : .int16
    outputs = graph.outputs.map {
      OutputDescription(name: $0.name, channels: $0.channels.count)
    }
    self.graph = graph.withoutWeights
  }
}
