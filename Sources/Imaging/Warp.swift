extension Image {
  /// The image seen through an affine transform, sampled bilinearly; black outside.
  ///
  /// Nothing is averaged: a transform that shrinks much skips pixels, as OpenCV's `warpAffine`
  /// does. Positions are rounded to 1/1024 of a pixel, so values differ by at most 1 from those
  /// computed exactly.
  ///
  /// - Parameters:
  ///   - transform: Maps coordinates of this image to coordinates of the result.
  ///   - width: Pixels in a row of the result.
  ///   - height: Rows of the result.
  /// - Returns: An image; all black if `transform` has no inverse.
  public func warped(by transform: AffineTransform, width: Int, height: Int) -> Image {
    guard let inverse = AffineInverse(transform) else {
      return Image(width: width, height: height, gray: 0)
    }
    let warped = [UInt8](capacity: 3 * width * height) { warped in
      unsafe pixels.withUnsafeBytes { pixels in
        let sampler = unsafe BilinearSampler(pixels, width: self.width, height: self.height)
        for y in 0..<height {
          let line = SampleLine(inverse, y: y)
          let inside = line.columns(insideWidth: self.width, height: self.height, of: width)
          for x in 0..<inside.lowerBound { warped.append(sampler.colorAtEdge(line.point(x))) }
          sampler.appendColors(line, inside, to: &warped)
          for x in inside.upperBound..<width { warped.append(sampler.colorAtEdge(line.point(x))) }
        }
      }
    }
    return Image(width: width, height: height, pixels: warped)
  }
}

/// Where the pixels of one row of the result lie in the source: equal steps on a straight line.
private struct SampleLine {
  let startX, startY, stepX, stepY: Double

  init(_ inverse: AffineInverse, y: Int) {
    (startX, startY) = inverse.apply(x: 0, y: Double(y))
    (stepX, stepY) = (inverse.a, inverse.c)
  }

  func point(_ x: Int) -> (x: Double, y: Double) {
    (startX + stepX * Double(x), startY + stepY * Double(x))
  }

  /// Columns, of `0..<count`, whose points lie among four pixels of the image; perhaps not quite
  /// all of them.
  func columns(insideWidth width: Int, height: Int, of count: Int) -> Range<Int> {
    let across = Self.solve(startX, stepX, below: Double(width - 1), count)
    let along = Self.solve(startY, stepY, below: Double(height - 1), count)
    return across.clamped(to: along)
  }

  /// The integers `x` of `0..<count` with `0 < start + step · x < limit`, by a margin.
  private static func solve(
    _ start: Double, _ step: Double, below limit: Double, _ count: Int
  ) -> Range<Int> {
    let margin = 0.01
    let (low, high) = (margin, limit - margin)
    guard low < high else { return 0..<0 }
    guard step != 0 else { return start > low && start < high ? 0..<count : 0..<0 }
    let ends = [(low - start) / step, (high - start) / step]
    let first = min(max(min(ends[0], ends[1]).rounded(.up), 0), Double(count))
    let last = min(max(max(ends[0], ends[1]).rounded(.down), -1), Double(count - 1))
    return first <= last ? Int(first)..<Int(last) + 1 : 0..<0
  }
}

/// Blends the four pixels around a point, three channels in one multiplication.
///
/// A colour is three lanes of 21 bits in one integer. The four weights add up to 4096, so that a
/// lane never exceeds 255 · 4096 plus what rounds it and never runs into the next.
@safe
private struct BilinearSampler {
  private let pixels: UnsafeRawBufferPointer
  private let width: Int
  private let height: Int

  init(_ pixels: UnsafeRawBufferPointer, width: Int, height: Int) {
    precondition(pixels.count == 3 * width * height)
    unsafe self.pixels = unsafe pixels
    self.width = width
    self.height = height
  }

  /// Appends the colours at the points of `columns`, all of which lie among four pixels.
  func appendColors(
    _ line: SampleLine, _ columns: Range<Int>, to colors: inout OutputSpan<UInt8>
  ) {
    guard let last = columns.last else { return }
    // In 2⁻³² of a pixel. A straight line is inside if its ends are.
    let (first, end) = (line.point(columns.lowerBound), line.point(last))
    var (x, y) = (Int(first.x * 0x1p32), Int(first.y * 0x1p32))
    let steps = max(1, columns.count - 1)
    let stepX = (Int(end.x * 0x1p32) - x) / steps
    let stepY = (Int(end.y * 0x1p32) - y) / steps
    for (x, y) in [(x, y), (x + (columns.count - 1) * stepX, y + (columns.count - 1) * stepY)] {
      precondition((0..<width - 1).contains(x >> 32) && (0..<height - 1).contains(y >> 32))
    }
    precondition(colors.freeCapacity >= 3 * columns.count)
    let rowBytes = 3 * width
    unsafe colors.withUnsafeMutableBufferPointer { buffer, initializedCount in
      guard let base = unsafe pixels.baseAddress, var target = buffer.baseAddress else {
        return
      }
      unsafe target += initializedCount
      for _ in columns {
        let upper = unsafe base + ((y >> 32) &* rowBytes &+ 3 &* (x >> 32))
        let lower = unsafe upper + rowBytes
        let weights = BilinearWeights(
          UInt64(truncatingIfNeeded: x >> 22) & 1023, UInt64(truncatingIfNeeded: y >> 22) & 1023)
        // The second pixel is read from its neighbour's last byte on, lest the end be passed.
        let top = unsafe weights.blendTop(
          upper.loadUnaligned(as: UInt32.self), (upper + 2).loadUnaligned(as: UInt32.self) >> 8)
        let bottom = unsafe weights.blendBottom(
          lower.loadUnaligned(as: UInt32.self), (lower + 2).loadUnaligned(as: UInt32.self) >> 8)
        let color = Color(sum: top &+ bottom)
        unsafe target[0] = color.red
        unsafe target[1] = color.green
        unsafe target[2] = color.blue
        unsafe target += 3
        x &+= stepX
        y &+= stepY
      }
      initializedCount += 3 * columns.count
    }
  }

  /// The colour at any point, with black around the image.
  func colorAtEdge(_ point: (x: Double, y: Double)) -> Color {
    // False for what is not a number, too.
    guard
      point.x > -1, point.y > -1, point.x < Double(width), point.y < Double(height)
    else { return Color(sum: 0) }
    let x = Int((point.x + 1) * 1024 + 0.5) - 1024
    let y = Int((point.y + 1) * 1024 + 0.5) - 1024
    let weights = BilinearWeights(
      UInt64(truncatingIfNeeded: x & 1023), UInt64(truncatingIfNeeded: y & 1023))
    let (left, top) = (x >> 10, y >> 10)
    return Color(
      sum: weights.blendTop(pixel(left, top), pixel(left + 1, top))
        + weights.blendBottom(pixel(left, top + 1), pixel(left + 1, top + 1)))
  }

  private func pixel(_ x: Int, _ y: Int) -> UInt32 {
    guard x >= 0, y >= 0, x < width, y < height else { return 0 }
    let offset = 3 * (y * width + x)
    return unsafe UInt32(pixels[offset]) | UInt32(pixels[offset + 1]) << 8
      | UInt32(pixels[offset + 2]) << 16
  }
}

/// How much each of four pixels counts, in 1/4096.
private struct BilinearWeights {
  private let topLeft, topRight, bottomLeft, bottomRight: UInt64

  /// - Parameters:
  ///   - x: The way from the left to the right pixels, in 1/1024.
  ///   - y: The way from the upper to the lower pixels, in 1/1024.
  init(_ x: UInt64, _ y: UInt64) {
    bottomRight = (x &* y &+ 128) >> 8
    topRight = 4 &* x &- bottomRight
    bottomLeft = 4 &* y &- bottomRight
    topLeft = 4096 &- topRight &- bottomLeft &- bottomRight
  }

  func blendTop(_ left: UInt32, _ right: UInt32) -> UInt64 {
    lanes(left) &* topLeft &+ lanes(right) &* topRight
  }

  func blendBottom(_ left: UInt32, _ right: UInt32) -> UInt64 {
    lanes(left) &* bottomLeft &+ lanes(right) &* bottomRight
  }

  /// Spreads the lower three bytes over the lanes.
  private func lanes(_ bytes: UInt32) -> UInt64 {
    let bytes = UInt64(UInt32(littleEndian: bytes))
    return bytes & 0xFF | (bytes & 0xFF00) << 13 | (bytes & 0xFF_0000) << 26
  }
}

/// Three channels of 8 bits.
private struct Color {
  let red, green, blue: UInt8

  /// Rounds lanes in 1/4096.
  init(sum: UInt64) {
    let rounded = sum &+ 2048 &* (1 | 1 << 21 | 1 << 42)
    red = UInt8(truncatingIfNeeded: rounded >> 12)
    green = UInt8(truncatingIfNeeded: rounded >> 33)
    blue = UInt8(truncatingIfNeeded: rounded >> 54)
  }
}

extension OutputSpan<UInt8> {
  fileprivate mutating func append(_ color: Color) {
    append(color.red)
    append(color.green)
    append(color.blue)
  }
}
