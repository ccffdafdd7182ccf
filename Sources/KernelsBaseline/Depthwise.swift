public import KernelTypes

/// Runs some rows of a depthwise convolution.
public func convolveDepthwise(_ block: DepthwiseBlock) {
  let isSmall = unsafe block.kernelHeight == 3 && block.kernelWidth == 3
  for channelBlock in unsafe 0..<block.blocks {
    for half in 0..<(channelsPerBlock / lanes) {
      let lane = half * lanes
      for row in unsafe 0..<block.rows {
        let input =
          unsafe block.input + channelBlock * block.inputBlockStride
          + row * block.verticalStride * block.inputRowStride + lane
        let output =
          unsafe block.output + channelBlock * block.outputBlockStride
          + row * block.outputRowStride + lane
        if unsafe isSmall && block.horizontalStride == 1 {
          unsafe convolveRow3x3(block, channelBlock, lane, input, output, stride: 1)
        } else if unsafe isSmall && block.horizontalStride == 2 {
          unsafe convolveRow3x3(block, channelBlock, lane, input, output, stride: 2)
        } else {
          unsafe convolveRow(block, channelBlock, lane, input, output)
        }
      }
    }
  }
}

/// One row of one vector of channels, the nine weights held in registers.
@inline(__always)
private func convolveRow3x3(
  _ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, stride: Int
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
  for column in unsafe 0..<block.width {
    let x = column &* step
    var left = unsafe multiplyAdd(load(top + x), w0, bias)
    var right = unsafe load(top + x + 16) * w1
    left = unsafe multiplyAdd(load(top + x + 32), w2, left)
    right = unsafe multiplyAdd(load(middle + x), w3, right)
    left = unsafe multiplyAdd(load(middle + x + 16), w4, left)
    right = unsafe multiplyAdd(load(middle + x + 32), w5, right)
    left = unsafe multiplyAdd(load(bottom + x), w6, left)
    right = unsafe multiplyAdd(load(bottom + x + 16), w7, right)
    left = unsafe multiplyAdd(load(bottom + x + 32), w8, left)
    unsafe store(activate(left + right, slope), output + column &* channelsPerBlock)
  }
}

/// One row of one vector of channels, with a kernel of any size.
private func convolveRow(
  _ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>
) {
  let taps = unsafe block.kernelHeight * block.kernelWidth
  let weights = unsafe block.weights + channelBlock * taps * channelsPerBlock + lane
  let bias = unsafe load(block.bias + channelBlock * channelsPerBlock + lane)
  let slope = unsafe load(block.slopes + channelBlock * channelsPerBlock + lane)
  for column in unsafe 0..<block.width {
    var sum = bias
    for y in unsafe 0..<block.kernelHeight {
      let line =
        unsafe input + y * block.inputRowStride
        + column * block.horizontalStride * channelsPerBlock
      for x in unsafe 0..<block.kernelWidth {
        let weight = unsafe load(weights + (y * block.kernelWidth + x) * channelsPerBlock)
        sum = unsafe multiplyAdd(load(line + x * channelsPerBlock), weight, sum)
      }
    }
    unsafe store(activate(sum, slope), output + column * channelsPerBlock)
  }
}
