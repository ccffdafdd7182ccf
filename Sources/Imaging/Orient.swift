extension Image {
  /// The image turned upright.
  func oriented(by orientation: ExifOrientation) -> Image {
    if orientation == .upright { return self }
    // A step to the right and a step down in the upright image, as steps in the stored one.
    let storedRight = orientation.flipsStoredColumns ? -3 : 3
    let storedDown = orientation.flipsStoredRows ? -3 * width : 3 * width
    let (right, down) =
      orientation.swapsSides ? (storedDown, storedRight) : (storedRight, storedDown)
    let first =
      (orientation.flipsStoredColumns ? 3 * (width - 1) : 0)
      + (orientation.flipsStoredRows ? 3 * width * (height - 1) : 0)
    let (uprightWidth, uprightHeight) =
      orientation.swapsSides ? (height, width) : (width, height)

    // Square blocks, so that neither image is walked through the cache column by column.
    let blockSide = 32
    let source = pixels.span
    let upright = [UInt8](capacity: pixels.count) { upright in
      unsafe upright.withUnsafeMutableBufferPointer { target, initializedCount in
        for blockY in stride(from: 0, to: uprightHeight, by: blockSide) {
          for blockX in stride(from: 0, to: uprightWidth, by: blockSide) {
            for y in blockY..<min(blockY + blockSide, uprightHeight) {
              for x in blockX..<min(blockX + blockSide, uprightWidth) {
                let from = first + y * down + x * right
                let to = 3 * (y * uprightWidth + x)
                unsafe target[to] = source[unchecked: from]
                unsafe target[to + 1] = source[unchecked: from + 1]
                unsafe target[to + 2] = source[unchecked: from + 2]
              }
            }
          }
        }
        initializedCount = source.count
      }
    }
    return Image(width: uprightWidth, height: uprightHeight, pixels: upright)
  }
}
