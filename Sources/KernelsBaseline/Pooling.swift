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
