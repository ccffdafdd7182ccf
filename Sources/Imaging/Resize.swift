extension Image {
  /// The image at another size: averaged along a side that shrinks, bilinear along one that grows.
  ///
  /// Both images span the same rectangle: pixel `i` of `n` covers the stretch from `i/n` to
  /// `(i + 1)/n` of the side. A shrunken pixel is the mean over what it covers, exact to rounding.
  ///
  /// - Precondition: both sides are positive, and the image is not empty.
  public func resized(width: Int, height: Int) -> Image {
    precondition(width > 0 && height > 0 && self.width > 0 && self.height > 0)
    if width == self.width && height == self.height { return self }
    let columns = ResizeWeights(from: self.width, to: width)
    let rows = ResizeWeights(from: self.height, to: height)
    // One number more than the row has, since pixels are loaded four numbers at a time.
    var blended = [Float](repeating: 0, count: 3 * self.width + 1)
    let resized = [UInt8](capacity: 3 * width * height) { resized in
      for y in 0..<height {
        blend(rows, y, into: &blended)
        gather(columns, blended, into: &resized)
      }
    }
    return Image(width: width, height: height, pixels: resized)
  }

  /// Sums the weighted rows that make up row `y` of the result.
  private func blend(_ rows: ResizeWeights, _ y: Int, into blended: inout [Float]) {
    let source = pixels.span
    var sums = blended.mutableSpan
    var row = rows.firstPixel[y]
    for position in rows.weightRange(of: y) {
      let weight = rows.weights[position]
      let values = source.extracting(3 * row * width..<3 * (row + 1) * width)
      if row == rows.firstPixel[y] {
        for index in values.indices {
          unsafe sums[unchecked: index] = weight * Float(values[unchecked: index])
        }
      } else {
        for index in values.indices {
          unsafe sums[unchecked: index] += weight * Float(values[unchecked: index])
        }
      }
      row += 1
    }
  }
}

/// At this size a `Float` has no fraction: what is added is rounded, into the lowest bits.
private let integerBits = SIMD4<Float>(repeating: 0x1p23)
/// Has halves rounded up, whatever the last bits of a sum.
private let roundingUp: Float = 0x1p-13

/// Appends a row whose pixels are weighted sums of pixels of `blended`.
private func gather(
  _ columns: ResizeWeights, _ blended: [Float], into row: inout OutputSpan<UInt8>
) {
  let (firstPixel, weights, starts) = (
    columns.firstPixel.span, columns.weights.span, columns.start.span
  )
  let count = firstPixel.count
  precondition(starts.count == count + 1 && starts[count] == weights.count)
  precondition(row.freeCapacity >= 3 * count)
  unsafe blended.withUnsafeBytes { blended in
    unsafe row.withUnsafeMutableBufferPointer { buffer, initializedCount in
      guard let base = buffer.baseAddress else { return }
      var target = unsafe UnsafeMutableRawPointer(base + initializedCount)
      for x in 0..<count {
        let (start, end) = unsafe (starts[unchecked: x], starts[unchecked: x + 1])
        var offset = unsafe 12 &* firstPixel[unchecked: x]
        precondition(offset >= 0 && offset + 12 * (end - start) < blended.count)
        var sum = SIMD4<Float>(repeating: roundingUp)
        for position in start..<end {
          let pixel = unsafe blended.loadUnaligned(fromByteOffset: offset, as: SIMD4<Float>.self)
          sum += unsafe weights[unchecked: position] * pixel
          offset &+= 12
        }
        // The weights add up to 1, so that the sums lie in 0…255.
        let integers = unsafe unsafeBitCast(sum + integerBits, to: SIMD4<UInt32>.self)
        let color = SIMD4<UInt8>(truncatingIfNeeded: integers)
        // The fourth byte is overwritten by the next pixel; the last one has no room for it.
        if x + 1 < count {
          unsafe target.storeBytes(of: color, as: SIMD4<UInt8>.self)
        } else {
          for channel in 0..<3 {
            unsafe target.storeBytes(of: color[channel], toByteOffset: channel, as: UInt8.self)
          }
        }
        unsafe target += 3
      }
      initializedCount += 3 * count
    }
  }
}

/// Which source pixels make up each pixel of a resized side, and by how much.
struct ResizeWeights {
  /// The first source pixel of each target pixel; the others follow it.
  private(set) var firstPixel: [Int] = []
  /// How much each source pixel counts, one target pixel after the other.
  private(set) var weights: [Float] = []
  /// Where the ``weights`` of each target pixel start, and in the end how many there are.
  private(set) var start: [Int] = [0]

  /// - Precondition: both lengths are positive.
  init(from source: Int, to target: Int) {
    let scale = Double(source) / Double(target)
    for index in 0..<target {
      if scale > 1 {
        appendArea(from: Double(index) * scale, to: Double(index + 1) * scale, source: source)
      } else {
        appendPair(at: (Double(index) + 0.5) * scale - 0.5, source: source)
      }
      start.append(weights.count)
    }
  }

  /// Which ``weights`` are those of a target pixel; their sum is 1.
  func weightRange(of index: Int) -> Range<Int> { start[index]..<start[index + 1] }

  private mutating func appendArea(from left: Double, to right: Double, source: Int) {
    let begin = min(Int(left), source - 1)
    let end = max(begin + 1, min(Int(right.rounded(.up)), source))
    firstPixel.append(begin)
    for pixel in begin..<end {
      let overlap = min(right, Double(pixel + 1)) - max(left, Double(pixel))
      weights.append(Float(max(0, overlap) / (right - left)))
    }
  }

  private mutating func appendPair(at center: Double, source: Int) {
    let clamped = min(max(center, 0), Double(source - 1))
    let begin = min(Int(clamped), max(0, source - 2))
    firstPixel.append(begin)
    if source == 1 {
      weights.append(1)
    } else {
      weights.append(Float(Double(begin + 1) - clamped))
      weights.append(Float(clamped - Double(begin)))
    }
  }
}
