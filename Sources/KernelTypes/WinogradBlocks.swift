// Winograd's minimal filtering F(2×2, 3×3): two by two outputs of a 3×3 convolution from four by four
// inputs with 16 products instead of 36 (Lavin and Gray 2015, arXiv:1509.09308). Input tiles and
// weights are transformed to 16 *points* each; at each point all channels of all tiles are multiplied
// as in a 1×1 convolution, and the 16 results of a tile transformed back.

/// The points of a transformed tile.
public var winogradPoints: Int { 16 }

/// The outputs of a tile along a side.
public var winogradTileSide: Int { 2 }

/// Neighbouring tiles of one row to be transformed: `points ← Bᵀ · tile · B`.
@unsafe public struct WinogradInputBlock {
  /// The first of the 4×4 pixels of the first tile, in the first block of channels.
  public var input: UnsafePointer<Float>
  public var inputBlockStride: Int
  public var inputRowStride: Int
  public var blocks: Int
  public var tiles: Int
  /// The first tile of the first block at the first point; the tiles follow each other.
  public var output: UnsafeMutablePointer<Float>
  public var outputBlockStride: Int
  public var outputPointStride: Int

  public init(
    input: UnsafePointer<Float>, inputBlockStride: Int, inputRowStride: Int, blocks: Int,
    tiles: Int, output: UnsafeMutablePointer<Float>, outputBlockStride: Int,
    outputPointStride: Int
  ) {
    unsafe self.input = input
    unsafe self.inputBlockStride = inputBlockStride
    unsafe self.inputRowStride = inputRowStride
    unsafe self.blocks = blocks
    unsafe self.tiles = tiles
    unsafe self.output = output
    unsafe self.outputBlockStride = outputBlockStride
    unsafe self.outputPointStride = outputPointStride
  }
}

/// Neighbouring tiles of one row to be transformed back: `output ← activate(Aᵀ · points · A + bias)`.
@unsafe public struct WinogradOutputBlock {
  /// The first tile of the first block at the first point; the tiles follow each other.
  public var input: UnsafePointer<Float>
  public var inputBlockStride: Int
  public var inputPointStride: Int
  /// One for each channel, in whole blocks like ``slopes``.
  public var bias: UnsafePointer<Float>
  /// What negative results are multiplied by: 1 for no activation, 0 for ReLU.
  public var slopes: UnsafePointer<Float>
  public var blocks: Int
  /// The first pixel of the first tile, in the first block of channels.
  public var output: UnsafeMutablePointer<Float>
  public var outputBlockStride: Int
  public var outputRowStride: Int
  /// Rows of pixels to write, one or two.
  public var rows: Int
  /// Pixels to write in each row; the last tile may have one of two.
  public var width: Int

  public init(
    input: UnsafePointer<Float>, inputBlockStride: Int, inputPointStride: Int,
    bias: UnsafePointer<Float>, slopes: UnsafePointer<Float>, blocks: Int,
    output: UnsafeMutablePointer<Float>, outputBlockStride: Int, outputRowStride: Int, rows: Int,
    width: Int
  ) {
    unsafe self.input = input
    unsafe self.inputBlockStride = inputBlockStride
    unsafe self.inputPointStride = inputPointStride
    unsafe self.bias = bias
    unsafe self.slopes = slopes
    unsafe self.blocks = blocks
    unsafe self.output = output
    unsafe self.outputBlockStride = outputBlockStride
    unsafe self.outputRowStride = outputRowStride
    unsafe self.rows = rows
    unsafe self.width = width
  }
}
