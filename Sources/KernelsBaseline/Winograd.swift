public import KernelTypes

private typealias Four = (Vector, Vector, Vector, Vector)

/// Transforms tiles of 4×4 pixels to their points, row by row of the transformed tile.
public func transformWinogradInput(_ block: WinogradInputBlock) {
  for channelBlock in unsafe 0..<block.blocks {
    for lane in stride(from: 0, to: channelsPerBlock, by: lanes) {
      var pixels = unsafe block.input + channelBlock * block.inputBlockStride + lane
      var points = unsafe block.output + channelBlock * block.outputBlockStride + lane
      for _ in unsafe 0..<block.tiles {
        unsafe transformTile(pixels, block.inputRowStride, points, block.outputPointStride)
        unsafe pixels += winogradTileSide * channelsPerBlock
        unsafe points += channelsPerBlock
      }
    }
  }
}

@inline(__always)
private func transformTile(
  _ pixels: UnsafePointer<Float>, _ rowStride: Int, _ points: UnsafeMutablePointer<Float>,
  _ pointStride: Int
) {
  let column0 = unsafe differences(pixels, rowStride)
  let column1 = unsafe differences(pixels + channelsPerBlock, rowStride)
  let column2 = unsafe differences(pixels + 2 * channelsPerBlock, rowStride)
  let column3 = unsafe differences(pixels + 3 * channelsPerBlock, rowStride)
  unsafe put(column0.0, column1.0, column2.0, column3.0, points, pointStride)
  unsafe put(
    column0.1, column1.1, column2.1, column3.1, points + 4 &* pointStride, pointStride)
  unsafe put(
    column0.2, column1.2, column2.2, column3.2, points + 8 &* pointStride, pointStride)
  unsafe put(
    column0.3, column1.3, column2.3, column3.3, points + 12 &* pointStride, pointStride)
}

/// `Bᵀ` times one column of a tile.
@inline(__always)
private func differences(_ pixels: UnsafePointer<Float>, _ rowStride: Int) -> Four {
  let (a, b) = unsafe (load(pixels), load(pixels + rowStride))
  let (c, d) = unsafe (load(pixels + 2 &* rowStride), load(pixels + 3 &* rowStride))
  return (a - c, b + c, c - b, b - d)
}

/// One row of `Bᵀ · tile` times `B`.
@inline(__always)
private func put(
  _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ points: UnsafeMutablePointer<Float>,
  _ pointStride: Int
) {
  unsafe store(a - c, points)
  unsafe store(b + c, points + pointStride)
  unsafe store(c - b, points + 2 &* pointStride)
  unsafe store(b - d, points + 3 &* pointStride)
}

/// Transforms points back to 2×2 pixels for each tile, adds the bias and activates.
public func transformWinogradOutput(_ block: WinogradOutputBlock) {
  for channelBlock in unsafe 0..<block.blocks {
    for lane in stride(from: 0, to: channelsPerBlock, by: lanes) {
      let channel = channelBlock * channelsPerBlock + lane
      let ending = unsafe Ending(
        bias: load(block.bias + channel), slope: load(block.slopes + channel))
      var points = unsafe block.input + channelBlock * block.inputBlockStride + lane
      var pixels = unsafe block.output + channelBlock * block.outputBlockStride + lane
      for column in unsafe stride(from: 0, to: block.width, by: winogradTileSide) {
        let left = unsafe sums(points, block.inputPointStride)
        let isWhole = unsafe column + 1 < block.width
        unsafe store(ending.result(left.0 + left.1 + left.2), pixels)
        if isWhole {
          unsafe store(ending.result(left.1 - left.2 - left.3), pixels + channelsPerBlock)
        }
        if unsafe block.rows > 1 {
          let lower = unsafe pixels + block.outputRowStride
          let right = unsafe differencesOfPoints(points, block.inputPointStride)
          unsafe store(ending.result(right.0 + right.1 + right.2), lower)
          if isWhole {
            unsafe store(ending.result(right.1 - right.2 - right.3), lower + channelsPerBlock)
          }
        }
        unsafe points += channelsPerBlock
        unsafe pixels += winogradTileSide * channelsPerBlock
      }
    }
  }
}

/// What is done to each pixel of one vector of channels.
private struct Ending {
  let bias: Vector
  let slope: Vector

  @inline(__always) func result(_ sum: Vector) -> Vector { activate(sum + bias, slope) }
}

/// The first row of `Aᵀ` times the points.
@inline(__always)
private func sums(_ points: UnsafePointer<Float>, _ stride: Int) -> Four {
  unsafe (
    sum(points, stride), sum(points + stride, stride), sum(points + 2 &* stride, stride),
    sum(points + 3 &* stride, stride)
  )
}

@inline(__always)
private func sum(_ points: UnsafePointer<Float>, _ stride: Int) -> Vector {
  unsafe load(points) + load(points + 4 &* stride) + load(points + 8 &* stride)
}

/// The second row of `Aᵀ` times the points.
@inline(__always)
private func differencesOfPoints(_ points: UnsafePointer<Float>, _ stride: Int) -> Four {
  unsafe (
    difference(points, stride), difference(points + stride, stride),
    difference(points + 2 &* stride, stride), difference(points + 3 &* stride, stride)
  )
}

@inline(__always)
private func difference(_ points: UnsafePointer<Float>, _ stride: Int) -> Vector {
  unsafe load(points + 4 &* stride) - load(points + 8 &* stride) - load(points + 12 &* stride)
}
