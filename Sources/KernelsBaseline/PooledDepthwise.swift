public import KernelTypes

/// Pixels of a pooled row that are taken for both halves of a block of channels before the next ones.
private let stripWidth = 32

/// Runs some rows of a 3×3 depthwise convolution with stride 1 and keeps the largest of each 2×2
/// results.
///
/// The block's output, rows, width and strides are those after pooling. The activation comes last and must
/// not fall, so that it is as if each result had been activated.
public func convolveDepthwiseAndPool(_ block: DepthwiseBlock) {
  for channelBlock in unsafe 0..<block.blocks {
    for row in unsafe 0..<block.rows {
      for column in unsafe stride(from: 0, to: block.width, by: stripWidth) {
        let count = unsafe min(stripWidth, block.width - column)
        for lane in stride(from: 0, to: channelsPerBlock, by: lanes) {
          unsafe poolStrip(
            block, RowPlace(block, channelBlock, lane, row: row, column: column), count: count)
        }
      }
    }
  }
}

/// One vector of channels of some pixels of a pooled row.
///
/// Each sum is taken in the order of the taps, as without the pooling.
@inline(__always)
private func poolStrip(_ block: DepthwiseBlock, _ place: RowPlace, count: Int) {
  let top = unsafe Taps(place.weights)
  let middle = unsafe Taps(place.weights + 3 * channelsPerBlock)
  let bottom = unsafe Taps(place.weights + 6 * channelsPerBlock)
  let bias = unsafe place.bias
  let stride = unsafe block.inputRowStride
  var (line, output) = unsafe (place.input, place.output)
  let end = unsafe output + count * channelsPerBlock
  while unsafe output != end {
    var pixels = unsafe Pixels(line)
    var upperLeft = top.sum(pixels.a, pixels.b, pixels.c, bias)
    var upperRight = top.sum(pixels.b, pixels.c, pixels.d, bias)
    unsafe pixels = Pixels(line + stride)
    upperLeft = middle.sum(pixels.a, pixels.b, pixels.c, upperLeft)
    upperRight = middle.sum(pixels.b, pixels.c, pixels.d, upperRight)
    var lowerLeft = top.sum(pixels.a, pixels.b, pixels.c, bias)
    var lowerRight = top.sum(pixels.b, pixels.c, pixels.d, bias)
    unsafe pixels = Pixels(line + 2 &* stride)
    upperLeft = bottom.sum(pixels.a, pixels.b, pixels.c, upperLeft)
    upperRight = bottom.sum(pixels.b, pixels.c, pixels.d, upperRight)
    lowerLeft = middle.sum(pixels.a, pixels.b, pixels.c, lowerLeft)
    lowerRight = middle.sum(pixels.b, pixels.c, pixels.d, lowerRight)
    unsafe pixels = Pixels(line + 3 &* stride)
    lowerLeft = bottom.sum(pixels.a, pixels.b, pixels.c, lowerLeft)
    lowerRight = bottom.sum(pixels.b, pixels.c, pixels.d, lowerRight)
    let upper = largest(upperLeft, upperRight)
    let lower = largest(lowerLeft, lowerRight)
    unsafe place.ending.put(largest(upper, lower), output)
    unsafe line += 2 * channelsPerBlock
    unsafe output += channelsPerBlock
  }
}

/// The weights of one row of the kernel.
private struct Taps {
  let left: Vector
  let centre: Vector
  let right: Vector

  @inline(__always) init(_ weights: UnsafePointer<Float>) {
    unsafe left = load(weights)
    unsafe centre = load(weights + channelsPerBlock)
    unsafe right = load(weights + 2 * channelsPerBlock)
  }

  @inline(__always) func sum(_ a: Vector, _ b: Vector, _ c: Vector, _ start: Vector) -> Vector {
    multiplyAdd(c, right, multiplyAdd(b, centre, multiplyAdd(a, left, start)))
  }
}

/// Four pixels side by side.
private struct Pixels {
  let a: Vector
  let b: Vector
  let c: Vector
  let d: Vector

  @inline(__always) init(_ line: UnsafePointer<Float>) {
    unsafe a = load(line)
    unsafe b = load(line + channelsPerBlock)
    unsafe c = load(line + 2 * channelsPerBlock)
    unsafe d = load(line + 3 * channelsPerBlock)
  }
}
