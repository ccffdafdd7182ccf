/// Gathers a region of an image whose rows arrive one by one, reduced by a whole factor.
///
/// A reduced pixel is the mean of the `factor × factor` pixels that it covers (of those inside the
/// image, at the right and bottom edge), so an image far larger than the result needs no memory.
struct RowCollector {
  /// Full-size pixels to each reduced pixel along a side.
  let factor: Int
  /// The full-size pixels that are gathered.
  let region: PixelRegion
  private let imageWidth: Int
  private let imageHeight: Int
  private var row = 0
  private var rgb: [UInt8]
  /// Sums of the columns of the rows that share a reduced row, three channels each.
  private var sums: [UInt32]
  private var pixels: [UInt8] = []

  /// - Precondition: `region` lies inside the image of `width` × `height` pixels.
  init(_ region: PixelRegion, minimumScale: Double, width: Int, height: Int) {
    factor = minimumScale >= 1 ? 1 : min(Int(1 / max(minimumScale, 1e-6)), 1 << 12)
    let (left, top) = (region.x / factor * factor, region.y / factor * factor)
    let right = min(width, (region.right + factor - 1) / factor * factor)
    let bottom = min(height, (region.bottom + factor - 1) / factor * factor)
    self.region = PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
    imageWidth = width
    imageHeight = height
    rgb = []
    sums = factor > 1 ? [UInt32](repeating: 0, count: 3 * (right - left)) : []
  }

  var width: Int { (region.width + factor - 1) / factor }
  var height: Int { (region.height + factor - 1) / factor }
  /// The size of the result.
  var byteCount: Int { 3 * width * height }
  /// Whether the result is the whole image at full size.
  var keepsAll: Bool { factor == 1 && region.width == imageWidth && region.height == imageHeight }
  /// How many rows must be appended.
  var lastRow: Int { region.bottom }

  /// Takes the next row of the image.
  ///
  /// - Parameter source: `width × 3` bytes of RGB, or `width × 4` of RGBA, shown on white.
  mutating func append(_ source: Span<UInt8>) {
    defer { row += 1 }
    guard row >= region.y && row < region.bottom else { return }
    if pixels.isEmpty { pixels.reserveCapacity(byteCount) }
    if source.count == 4 * imageWidth {
      appendComposited(source.extracting(4 * region.x..<4 * region.right))
    } else {
      precondition(source.count == 3 * imageWidth)
      appendColumns(source.extracting(3 * region.x..<3 * region.right))
    }
  }

  private mutating func appendComposited(_ rgba: Span<UInt8>) {
    var rgb = self.rgb
    self.rgb = []
    if rgb.isEmpty { rgb = [UInt8](repeating: 0, count: 3 * region.width) }
    var target = rgb.mutableSpan
    compositeOverWhite(rgba, into: &target)
    appendColumns(rgb.span)
    self.rgb = rgb
  }

  private mutating func appendColumns(_ columns: Span<UInt8>) {
    if factor == 1 {
      unsafe columns.withUnsafeBufferPointer { unsafe pixels.append(contentsOf: $0) }
      return
    }
    var accumulated = sums.mutableSpan
    for index in columns.indices {
      unsafe accumulated[unchecked: index] &+= UInt32(columns[unchecked: index])
    }
    if (row + 1) % factor == 0 || row + 1 == region.bottom { emitReducedRow() }
  }

  private mutating func emitReducedRow() {
    let rowCount = row % factor + 1
    for start in stride(from: 0, to: region.width, by: factor) {
      let end = min(start + factor, region.width)
      let count = rowCount * (end - start)
      var total = SIMD4<Int>.zero
      for x in start..<end {
        total &+= SIMD4(Int(sums[3 * x]), Int(sums[3 * x + 1]), Int(sums[3 * x + 2]), 0)
      }
      for channel in 0..<3 { pixels.append(UInt8((total[channel] + count / 2) / count)) }
    }
    for index in sums.indices { sums[index] = 0 }
  }

  /// The gathered pixels.
  ///
  /// - Precondition: ``lastRow`` rows were appended.
  func finish() -> StoredPixels {
    StoredPixels(
      image: Image(width: width, height: height, pixels: pixels), region: region,
      scale: 1 / Float(factor))
  }
}

/// Shows transparent pixels on white, as image viewers do: `c · a + 255 · (1 − a)`, rounded.
///
/// - Parameters:
///   - rgba: `n × 4`, the colours not multiplied by alpha.
///   - rgb: `n × 3`; every element is overwritten.
func compositeOverWhite(_ rgba: Span<UInt8>, into rgb: inout MutableSpan<UInt8>) {
  let count = rgba.count / 4
  precondition(rgb.count == 3 * count)
  for pixel in 0..<count {
    let alpha = unsafe UInt32(rgba[unchecked: 4 * pixel + 3])
    for channel in 0..<3 {
      let value = unsafe UInt32(rgba[unchecked: 4 * pixel + channel])
      let sum = value * alpha + 255 * (255 - alpha) + 128
      // Exactly sum / 255 for every sum that occurs.
      unsafe rgb[unchecked: 3 * pixel + channel] = UInt8(truncatingIfNeeded: (sum + sum >> 8) >> 8)
    }
  }
}
