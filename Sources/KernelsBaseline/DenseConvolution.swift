public import KernelTypes

/// Runs some rows of a dense convolution.
///
/// Tiles of a few pixels × one panel of output channels stay in registers while all segments are
/// added up. Where the input rows follow each other without a gap, tiles run across the ends of
/// rows; a tile that crosses one, or the end of the block, is computed aside and copied. Such a
/// tile reads (and forgets) a few pixels after the last one, so the input needs slack behind it.
public func convolveDensely(_ block: ConvolutionBlock) {
  let isGapless = unsafe block.inputRowStride == block.width * block.inputPixelStride
  let runs = unsafe isGapless ? 1 : block.rows
  let pixels = unsafe isGapless ? block.rows * block.width : block.width
  let panels =
    unsafe (block.outputBlocks * channelsPerBlock + channelsPerPanel - 1)
    / channelsPerPanel
  for run in 0..<runs {
    if unsafe block.panelsOutermost {
      for panel in 0..<panels {
        var pixel = 0
        while pixel < pixels {
          unsafe computeTile(block, panel: panel, run: run, pixel: pixel, pixels: pixels)
          pixel += tileRows
        }
      }
    } else {
      var pixel = 0
      while pixel < pixels {
        for panel in 0..<panels {
          unsafe computeTile(block, panel: panel, run: run, pixel: pixel, pixels: pixels)
        }
        pixel += tileRows
      }
    }
  }
}

/// Computes one tile and puts it in its place.
@inline(__always)
private func computeTile(
  _ block: ConvolutionBlock, panel: Int, run: Int, pixel: Int, pixels: Int
) {
  let width = unsafe block.width
  let row = run + pixel / width
  let column = pixel % width
  let input = unsafe block.input + run * block.inputRowStride + pixel * block.inputPixelStride
  let firstChannel = panel * channelsPerPanel
  let output =
    unsafe block.output + (firstChannel / channelsPerBlock) * block.outputBlockStride
    + row * block.outputRowStride + column * channelsPerBlock + firstChannel % channelsPerBlock
  // Where a panel is two blocks wide and the last one has no second block, nothing is stored there.
  let secondStride = channelsPerPanel > channelsPerBlock ? unsafe block.outputBlockStride : lanes
  let hasSecond = unsafe firstChannel + lanes < block.outputBlocks * channelsPerBlock
  if column + tileRows <= width && hasSecond {
    unsafe accumulateTile(
      block, input: input, panel: panel, output: output, secondStride: secondStride,
      pixelStride: channelsPerBlock)
    return
  }
  unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: tileRows * channelsPerPanel) {
    guard let aside = $0.baseAddress else { return }
    unsafe accumulateTile(
      block, input: input, panel: panel, output: aside, secondStride: lanes,
      pixelStride: channelsPerPanel)
    var (target, x) = unsafe (output, column)
    for index in 0..<min(tileRows, pixels - pixel) {
      let source = unsafe UnsafePointer(aside + index * channelsPerPanel)
      unsafe store(load(source), target)
      if hasSecond { unsafe store(load(source + lanes), target + secondStride) }
      x += 1
      unsafe target += channelsPerBlock
      if x == width {
        x = 0
        unsafe target += block.outputRowStride - width * channelsPerBlock
      }
    }
  }
}

/// Computes `tileRows` pixels × one panel in registers.
@inline(never)
private func accumulateTile(
  _ block: ConvolutionBlock, input: UnsafePointer<Float>, panel: Int,
  output: UnsafeMutablePointer<Float>, secondStride: Int, pixelStride: Int
) {
  let (segments, length) = unsafe (block.segmentCount, block.segmentLength)
  let stride = unsafe block.inputPixelStride
  let bias = unsafe block.bias + panel * channelsPerPanel
  var first = unsafe TileColumn(repeating: load(bias))
  var second = unsafe TileColumn(repeating: load(bias + lanes))
  var weights = unsafe block.weights + panel * segments * length * channelsPerPanel
  var offsets = unsafe block.segmentOffsets
  let lastOffset = unsafe offsets + segments
  while unsafe offsets != lastOffset {
    var x = unsafe input + offsets.pointee
    let end = unsafe x + length
    while unsafe x != end {
      let firstWeights = unsafe load(weights)
      let secondWeights = unsafe load(weights + lanes)
      for row in 0..<tileRows {
        let value = unsafe Vector(repeating: x[row &* stride])
        unsafe first[unchecked: row] = multiplyAdd(value, firstWeights, first[unchecked: row])
        unsafe second[unchecked: row] = multiplyAdd(value, secondWeights, second[unchecked: row])
      }
      unsafe x += 1
      unsafe weights += channelsPerPanel
    }
    unsafe offsets += 1
  }
  let slopes = unsafe block.slopes + panel * channelsPerPanel
  let firstSlopes = unsafe load(slopes)
  let secondSlopes = unsafe load(slopes + lanes)
  for row in 0..<tileRows {
    let target = unsafe output + row &* pixelStride
    unsafe store(activate(first[unchecked: row], firstSlopes), target)
    unsafe store(activate(second[unchecked: row], secondSlopes), target + secondStride)
  }
}
