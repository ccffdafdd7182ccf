extension Image {
  /// The image at another size: averaged over areas along a side that shrinks, bilinear along one that grows.
  ///
  /// Both images span the same rectangle, so the centre of the first pixel moves unless the size
  /// stays the same.
  ///
  /// - Precondition: both sides are positive, and the image is not empty.
  public func resized(width: Int, height: Int) -> Image {
    precondition(width > 0 && height > 0 && self.width > 0 && self.height > 0)
    if width == self.width && height == self.height { return self }
    let columns = ResizeWeights(from: self.width, to: width)
    let rows = ResizeWeights(from: self.height, to: height)
    var result = [UInt8](repeating: 0, count: 3 * width * height)
    var blended = [Float](repeating: 0, count: 3 * self.width)
    for y in 0..<height {
      blend(rows.taps(of: y), into: &blended)
      let start = 3 * y * width
      for x in 0..<width {
        var sum = SIMD3<Float>(repeating: 0.5)
        for (column, weight) in columns.taps(of: x) {
          sum +=
            weight * SIMD3(blended[3 * column], blended[3 * column + 1], blended[3 * column + 2])
        }
        for channel in 0..<3 { result[start + 3 * x + channel] = UInt8(min(255, sum[channel])) }
      }
    }
    return Image(width: width, height: height, pixels: result)
  }

  /// Sums weighted rows of this image.
  private func blend(_ taps: ResizeWeights.Taps, into sums: inout [Float]) {
    let source = pixels.span
    var target = sums.mutableSpan
    for index in target.indices { target[index] = 0 }
    for (row, weight) in taps {
      let values = source.extracting(3 * row * width..<3 * (row + 1) * width)
      for index in values.indices {
        unsafe target[unchecked: index] += weight * Float(values[unchecked: index])
      }
    }
  }
}

/// Which source pixels make up each pixel of a resized side, and by how much.
struct ResizeWeights {
  typealias Taps = Zip2Sequence<Range<Int>, ArraySlice<Float>>

  private var first: [Int] = []
  private var start: [Int] = [0]
  private var weights: [Float] = []

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

  /// The source pixels of a target pixel, with weights whose sum is 1.
  func taps(of index: Int) -> Taps {
    let slice = weights[start[index]..<start[index + 1]]
    return zip(first[index]..<first[index] + slice.count, slice)
  }

  private mutating func appendArea(from left: Double, to right: Double, source: Int) {
    let begin = min(Int(left), source - 1)
    let end = max(begin + 1, min(Int(right.rounded(.up)), source))
    first.append(begin)
    for pixel in begin..<end {
      let overlap = min(right, Double(pixel + 1)) - max(left, Double(pixel))
      weights.append(Float(max(0, overlap) / (right - left)))
    }
  }

  private mutating func appendPair(at center: Double, source: Int) {
    let clamped = min(max(center, 0), Double(source - 1))
    let begin = min(Int(clamped), max(0, source - 2))
    first.append(begin)
    if source == 1 {
      weights.append(1)
    } else {
      weights.append(Float(Double(begin + 1) - clamped))
      weights.append(Float(clamped - Double(begin)))
    }
  }
}
