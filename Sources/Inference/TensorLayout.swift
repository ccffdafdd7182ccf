internal import KernelTypes

/// How an activation lies in memory: `[channels / 16][height + 2b][width + 2b][16]`.
///
/// Sixteen channels of one pixel lie side by side, and a border of `b` zero pixels runs around each
/// plane, so that convolutions need no special case at the edges. Channels are padded with zeros to
/// whole blocks of 16. All numbers below count floats.
struct TensorLayout: Hashable {
  var channels: Int
  var height: Int
  var width: Int
  var border: Int

  var blocks: Int { (channels + channelsPerBlock - 1) / channelsPerBlock }
  var rowStride: Int { (width + 2 * border) * channelsPerBlock }
  var blockStride: Int { (height + 2 * border) * rowStride }
  var count: Int { blocks * blockStride }

  /// Where a pixel of the first block lies; rows and columns may reach into the border.
  func offset(row: Int, column: Int) -> Int {
    (row + border) * rowStride + (column + border) * channelsPerBlock
  }
}

/// How rows of the image lie in memory: interleaved channels, with `border` zero pixels at both ends.
struct ImageLayout: Hashable {
  var channels: Int
  /// Padded to what the network takes, as is ``width``.
  var height: Int
  var width: Int
  var border = 0

  var rowStride: Int { (width + 2 * border) * channels }
}
