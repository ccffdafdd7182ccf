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
    unsafe (block.outputBlocks * channelsPerBlock + channelsPerPanel - 1) / channelsPerPanel
  for run in 0..<runs {
    if unsafe block.panelsOutermost {
      for panel in 0..<panels {
        var place = unsafe TilePlace(block, run: run)
        while unsafe place.pixel < pixels {
          unsafe computeTile(block, panel: panel, place, pixels: pixels)
          unsafe place.advance(block)
        }
      }
    } else {
      var place = unsafe TilePlace(block, run: run)
      while unsafe place.pixel < pixels {
        for panel in 0..<panels {
          unsafe computeTile(block, panel: panel, place, pixels: pixels)
        }
        unsafe place.advance(block)
      }
    }
  }
}

/// Where a tile's first pixel is read and written; counted on, since a division costs as much as a
/// tile of a shallow convolution.
@unsafe private struct TilePlace {
  var pixel = 0
  var column = 0
  var input: UnsafePointer<Float>
  var output: UnsafeMutablePointer<Float>

  @inline(__always) init(_ block: ConvolutionBlock, run: Int) {
    unsafe input = block.input + run * block.inputRowStride
    unsafe output = block.output + run * block.outputRowStride
  }

  @inline(__always) mutating func advance(_ block: ConvolutionBlock) {
    unsafe pixel += tileRows
    unsafe column += tileRows
    unsafe input += tileRows * block.inputPixelStride
    unsafe output += tileRows * channelsPerBlock
    while unsafe column >= block.width {
      unsafe column -= block.width
      unsafe output += block.outputRowStride - block.width * channelsPerBlock
    }
  }
}

/// Computes one tile and puts it in its place.
@inline(__always)
private func computeTile(_ block: ConvolutionBlock, panel: Int, _ place: TilePlace, pixels: Int) {
  let firstChannel = panel * channelsPerPanel
  let output =
    unsafe place.output
    + (firstChannel / channelsPerBlock) * block.outputBlockStride + firstChannel % channelsPerBlock
  // A panel may be two blocks wide, and the last one then have no second block.
  let isWide = channelsPerPanel > channelsPerBlock
  let secondStride = unsafe isWide ? block.outputBlockStride : lanes
  let hasSecond =
    unsafe !isWide || firstChannel + lanes < block.outputBlocks * channelsPerBlock
  if unsafe place.column + tileRows <= block.width && hasSecond {
    unsafe accumulateTile(
      block, input: place.input, panel: panel, output: output, secondStride: secondStride,
      pixelStride: channelsPerBlock)
  } else {
    unsafe computeTileAside(
      block, panel: panel, place, output: output, secondStride: hasSecond ? secondStride : nil,
      count: min(tileRows, pixels - place.pixel))
  }
}

/// Computes a tile that does not lie in one row, and copies its pixels to where they belong.
@inline(never)
private func computeTileAside(
  _ block: ConvolutionBlock, panel: Int, _ place: TilePlace, output: UnsafeMutablePointer<Float>,
  secondStride: Int?, count: Int
) {
  unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: tileRows * channelsPerPanel) {
    guard let aside = $0.baseAddress else { return }
    unsafe accumulateTile(
      block, input: place.input, panel: panel, output: aside, secondStride: lanes,
      pixelStride: channelsPerPanel)
    var (target, column) = unsafe (output, place.column)
    for index in 0..<count {
      let source = unsafe UnsafePointer(aside + index * channelsPerPanel)
      unsafe store(load(source), target)
      if let secondStride { unsafe store(load(source + lanes), target + secondStride) }
      column += 1
      unsafe target += channelsPerBlock
      if unsafe column == block.width {
        column = 0
        unsafe target += block.outputRowStride - block.width * channelsPerBlock
      }
    }
  }
}

/// Computes `tileRows` pixels × one panel in registers.
@inline(__always)
private func accumulateTile(
  _ block: ConvolutionBlock, input: UnsafePointer<Float>, panel: Int,
  output: UnsafeMutablePointer<Float>, secondStride: Int, pixelStride: Int
) {
  let depth = unsafe block.segmentCount * block.segmentLength
  let bias = unsafe block.bias + panel * channelsPerPanel
  let slopes = unsafe block.slopes + panel * channelsPerPanel
  let weights = unsafe block.weights + panel * depth * channelsPerPanel
  unsafe accumulate(
    input: input, stride: block.inputPixelStride, offsets: block.segmentOffsets,
    segments: block.segmentCount, length: block.segmentLength, weights: weights, bias: bias,
    slopes: slopes, output: output, secondStride: secondStride, pixelStride: pixelStride)
}

/// The innermost loops: everything they need in registers.
@inline(never)
private func accumulate(
  input: UnsafePointer<Float>, stride: Int, offsets: UnsafePointer<Int>, segments: Int,
  length: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
  slopes: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, secondStride: Int,
  pixelStride: Int
) {
  var first = unsafe TileColumn(repeating: load(bias))
  var second = unsafe TileColumn(repeating: load(bias + lanes))
  var weights = unsafe weights
  var offsets = unsafe offsets
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
  let firstSlopes = unsafe load(slopes)
  let secondSlopes = unsafe load(slopes + lanes)
  for row in 0..<tileRows {
    let target = unsafe output + row &* pixelStride
    unsafe store(activate(first[unchecked: row], firstSlopes), target)
    unsafe store(activate(second[unchecked: row], secondSlopes), target + secondStride)
  }
}
