public import KernelTypes

/// Runs some rows of a depthwise convolution.
///
/// Whole rows at a time: narrower strips, which would keep three rows in the first-level cache, were
/// measured to be 8 % slower, since the hardware follows long rows ahead of time.
public func convolveDepthwise(_ block: DepthwiseBlock) {
  let (blocks, rows) = unsafe (block.blocks, block.rows)
  var channelBlock = 0
  while channelBlock < blocks {
    var row = 0
    while row < rows {
      var lane = 0
      while lane < channelsPerBlock {
        unsafe convolve(block, channelBlock, lane, row: row)
        lane += lanes
      }
      row += 1
    }
    channelBlock += 1
  }
}

/// One row, one vector of channels.
@inline(__always)
private func convolve(
  _ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int, row: Int
) {
  let count = unsafe block.width
  let input =
    unsafe block.input + channelBlock * block.inputBlockStride
    + row * block.verticalStride * block.inputRowStride + lane
  let output =
    unsafe block.output + channelBlock * block.outputBlockStride + row * block.outputRowStride
    + lane
  let isSmall = unsafe block.kernelHeight == 3 && block.kernelWidth == 3
  if unsafe isSmall && block.horizontalStride == 1 {
    unsafe convolveRow3x3(block, channelBlock, lane, input, output, count: count, stride: 1)
  } else if unsafe isSmall && block.horizontalStride == 2 {
    unsafe convolveRow3x3(block, channelBlock, lane, input, output, count: count, stride: 2)
  } else {
    unsafe convolveRow(block, channelBlock, lane, input, output, count: count)
  }
}

/// A 3×3 kernel, its nine weights held in registers.
@inline(__always)
private func convolveRow3x3(
  _ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int, stride: Int
) {
  let weights = unsafe block.weights + channelBlock * 9 * channelsPerBlock + lane
  let bias = unsafe load(block.bias + channelBlock * channelsPerBlock + lane)
  let slope = unsafe load(block.slopes + channelBlock * channelsPerBlock + lane)
  let (w0, w1, w2) = unsafe (load(weights), load(weights + 16), load(weights + 32))
  let (w3, w4, w5) = unsafe (load(weights + 48), load(weights + 64), load(weights + 80))
  let (w6, w7, w8) = unsafe (load(weights + 96), load(weights + 112), load(weights + 128))
  let (top, middle, bottom) = unsafe (
    input, input + block.inputRowStride, input + 2 * block.inputRowStride
  )
  let step = stride * channelsPerBlock
  var column = 0
  while column < count {
    let x = column &* step
    // Two sums, so that a multiplication need not wait for the one before it.
    var even = unsafe multiplyAdd(load(top + x), w0, bias)
    var odd = unsafe load(top + x + 16) * w1
    even = unsafe multiplyAdd(load(top + x + 32), w2, even)
    odd = unsafe multiplyAdd(load(middle + x), w3, odd)
    even = unsafe multiplyAdd(load(middle + x + 16), w4, even)
    odd = unsafe multiplyAdd(load(middle + x + 32), w5, odd)
    even = unsafe multiplyAdd(load(bottom + x), w6, even)
    odd = unsafe multiplyAdd(load(bottom + x + 16), w7, odd)
    even = unsafe multiplyAdd(load(bottom + x + 32), w8, even)
    unsafe store(activate(even + odd, slope), output + column &* channelsPerBlock)
    column &+= 1
  }
}

/// A kernel of any size.
@inline(never)
private func convolveRow(
  _ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  let (height, width) = unsafe (block.kernelHeight, block.kernelWidth)
  let weights = unsafe block.weights + channelBlock * height * width * channelsPerBlock + lane
  let bias = unsafe load(block.bias + channelBlock * channelsPerBlock + lane)
  let slope = unsafe load(block.slopes + channelBlock * channelsPerBlock + lane)
  let step = unsafe block.horizontalStride * channelsPerBlock
  for column in 0..<count {
    var sum = bias
    for y in 0..<height {
      let line = unsafe input + y * block.inputRowStride + column * step
      for x in 0..<width {
        let weight = unsafe load(weights + (y * width + x) * channelsPerBlock)
        sum = unsafe multiplyAdd(load(line + x * channelsPerBlock), weight, sum)
      }
    }
    unsafe store(activate(sum, slope), output + column * channelsPerBlock)
  }
}
