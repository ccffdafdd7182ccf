internal import KernelTypes
internal import Kernels

/// A convolution by Winograd's minimal filtering, of one or several images.
///
/// The tiles of all images stand in one row, which is taken chunk by chunk, so that small maps of
/// several images share one reading of the weights.
@unsafe struct WinogradExecution {
  private let run: StepExecution
  private let weights: WinogradWeights
  private let size: WinogradSize
  private let inputLayout: TensorLayout
  private let outputLayout: TensorLayout
  /// The first pixel of each image's input and output.
  private let images: [(input: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>)]
  private let transformed: UnsafeMutablePointer<Float>
  private let multiplied: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - runs: one for each image; the first one's scratch is used.
  ///   - step: the convolution.
  ///   - weights: the step's.
  init(_ runs: [StepExecution], _ step: NetworkStep, _ weights: WinogradWeights) {
    unsafe run = runs[0]
    unsafe self.weights = weights
    unsafe inputLayout = run.plan.layouts[step.inputs[0]]
    unsafe outputLayout = run.plan.layouts[step.output]
    unsafe images = runs.map { run in
      unsafe (run.tensor(step.inputs[0]).first, run.tensor(step.output).first)
    }
    let size = unsafe WinogradSize(weights, output: outputLayout)
    unsafe self.size = size
    unsafe transformed = run.scratch
    unsafe multiplied = transformed + winogradPoints * size.inputPointStride
  }

  func runAll() {
    let total = unsafe images.count * size.tilesPerImage
    for first in unsafe stride(from: 0, to: total, by: size.chunk) {
      let count = unsafe min(size.chunk, total - first)
      unsafe eachRow(first, count) { unsafe transform($0) }
      unsafe multiply(count)
      unsafe eachRow(first, count) { unsafe transformBack($0) }
    }
  }

  /// Neighbouring tiles of a chunk in one row of an image.
  private struct TileRow {
    let image: Int
    let row: Int
    let column: Int
    let count: Int
    /// The place of the first one in the chunk.
    let place: Int
  }

  /// Calls for each row of tiles of a chunk, or the part of it that belongs to the chunk.
  private func eachRow(_ first: Int, _ count: Int, _ body: (TileRow) -> Void) {
    var tile = first
    while tile < first + count {
      let (image, inside) = unsafe tile.quotientAndRemainder(dividingBy: size.tilesPerImage)
      let (row, column) = unsafe inside.quotientAndRemainder(dividingBy: size.tilesAcross)
      let length = unsafe min(size.tilesAcross - column, first + count - tile)
      body(TileRow(image: image, row: row, column: column, count: length, place: tile - first))
      tile += length
    }
  }

  private func transform(_ tiles: TileRow) {
    let (layout, pixels) = unsafe (inputLayout, images[tiles.image].input)
    let window = unsafe weights.window
    let row = tiles.row * winogradTileSide - window.top
    let column = tiles.column * winogradTileSide - window.left
    unsafe run.kernels.transformWinogradInput(
      WinogradInputBlock(
        input: pixels + row * layout.rowStride + column * channelsPerBlock,
        inputBlockStride: layout.blockStride, inputRowStride: layout.rowStride,
        blocks: weights.points[0].inputBlocks, tiles: tiles.count,
        output: transformed + tiles.place * channelsPerBlock,
        outputBlockStride: size.chunk * channelsPerBlock,
        outputPointStride: size.inputPointStride))
  }

  /// Multiplies all tiles of the chunk at each point with the point's weights.
  private func multiply(_ count: Int) {
    let blockStride = unsafe size.chunk * channelsPerBlock
    let segments = unsafe (0..<weights.points[0].inputBlocks).map { $0 * blockStride }
    for (point, packed) in unsafe weights.points.enumerated() {
      unsafe run.dense(
        packed, segments, rows: 1,
        from: RowSource(
          first: transformed + point * size.inputPointStride, rowStride: count * channelsPerBlock,
          pixelStride: channelsPerBlock),
        to: RowTarget(
          first: multiplied + point * size.outputPointStride, blockStride: blockStride,
          rowStride: count * channelsPerBlock, width: count))
    }
  }

  private func transformBack(_ tiles: TileRow) {
    let (layout, pixels) = unsafe (outputLayout, images[tiles.image].output)
    let (row, column) = (tiles.row * winogradTileSide, tiles.column * winogradTileSide)
    unsafe run.kernels.transformWinogradOutput(
      WinogradOutputBlock(
        input: multiplied + tiles.place * channelsPerBlock,
        inputBlockStride: size.chunk * channelsPerBlock,
        inputPointStride: size.outputPointStride, bias: weights.bias.pointer(to: Float.self),
        slopes: weights.slopes.pointer(to: Float.self), blocks: weights.points[0].outputBlocks,
        output: pixels + row * layout.rowStride + column * channelsPerBlock,
        outputBlockStride: layout.blockStride, outputRowStride: layout.rowStride,
        rows: min(winogradTileSide, layout.height - row),
        width: min(winogradTileSide * tiles.count, layout.width - column)))
  }
}
