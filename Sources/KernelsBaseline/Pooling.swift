public import KernelTypes

/// Runs some rows of a pooling by maximum; positions outside the input do not count.
public func poolMaximum(_ block: PoolingBlock) {
  unsafe pool(block, isMaximum: true)
}

/// Runs some rows of a pooling by average over the positions inside the input.
public func poolAverage(_ block: PoolingBlock) {
  unsafe pool(block, isMaximum: false)
}

@inline(__always)
private func pool(_ block: PoolingBlock, isMaximum: Bool) {
  for channelBlock in unsafe 0..<block.blocks {
    let plane = unsafe block.input + channelBlock * block.inputBlockStride
    for row in unsafe 0..<block.rows {
      let top = unsafe (block.firstRow + row) * block.verticalStride - block.paddingTop
      let (y0, y1) = unsafe (max(0, top), min(block.inputHeight, top + block.kernelHeight))
      let output =
        unsafe block.output + channelBlock * block.outputBlockStride
        + row * block.outputRowStride
      if unsafe isMaximum && block.kernelHeight == 2 && block.kernelWidth == 2
        && block.horizontalStride == 2 && block.paddingLeft == 0 && y1 - y0 == 2
        && 2 * block.width <= block.inputWidth
      {
        let line = unsafe plane + y0 * block.inputRowStride
        unsafe poolRow2x2(
          line, line + block.inputRowStride, output, count: block.width * channelsPerBlock)
        continue
      }
      for column in unsafe 0..<block.width {
        let left = unsafe column * block.horizontalStride - block.paddingLeft
        let (x0, x1) = unsafe (max(0, left), min(block.inputWidth, left + block.kernelWidth))
        for lane in stride(from: 0, to: channelsPerBlock, by: lanes) {
          var result = Vector(repeating: isMaximum ? -.infinity : 0)
          for y in y0..<max(y0, y1) {
            let line = unsafe plane + y * block.inputRowStride + lane
            for x in x0..<max(x0, x1) {
              let value = unsafe load(line + x * channelsPerBlock)
              result =
                isMaximum ? result.replacing(with: value, where: value .> result) : result + value
            }
          }
          if !isMaximum { result /= Vector(repeating: Float(max(1, (y1 - y0) * (x1 - x0)))) }
          unsafe store(result, output + column * channelsPerBlock + lane)
        }
      }
    }
  }
}

/// Pairs of pixels of two rows, all inside the input; `count` floats of output.
@inline(__always)
private func poolRow2x2(
  _ top: UnsafePointer<Float>, _ bottom: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  var index = 0
  while index < count {
    // The left pixel of a pair lies as far into its row as the output, twice.
    let left = 2 &* index &- index % channelsPerBlock
    let right = left &+ channelsPerBlock
    let upper = unsafe largest(load(top + left), load(top + right))
    let lower = unsafe largest(load(bottom + left), load(bottom + right))
    unsafe store(largest(upper, lower), output + index)
    index &+= lanes
  }
}
