extension Image {
  /// The image turned upright.
  func oriented(by orientation: ExifOrientation) -> Image {
    if orientation == .upright { return self }
    let (width, height) = orientation.swapsSides ? (height, self.width) : (self.width, height)
    var result = [UInt8](repeating: 0, count: pixels.count)
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = orientation.swapsSides ? (y, x) : (x, y)
        let column = orientation.flipsStoredColumns ? self.width - 1 - u : u
        let row = orientation.flipsStoredRows ? self.height - 1 - v : v
        for channel in 0..<3 {
          result[3 * (y * width + x) + channel] = pixels[3 * (row * self.width + column) + channel]
        }
      }
    }
    return Image(width: width, height: height, pixels: result)
  }
}
