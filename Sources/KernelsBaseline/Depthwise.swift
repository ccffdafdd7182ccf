public import KernelTypes

/// Pixels of a row that are taken for both halves of a block of channels before the next ones: four
/// input rows and two output rows of them fit in the first-level cache.
private let stripWidth = 64

/// Runs some rows of a depthwise convolution.
///
/// What limits a 3×3 kernel is fetching its input into the first-level cache, so two output rows are
/// made at once where they share input rows.
public func convolveDepthwise(_ block: DepthwiseBlock) {
  let isSmall = unsafe block.kernelHeight == 3 && block.kernelWidth == 3
  let isPaired = unsafe isSmall && block.horizontalStride == 1 && block.verticalStride == 1
  let (blocks, rows, width) = unsafe (block.blocks, block.rows, block.width)
  var channelBlock = 0
  while channelBlock < blocks {
    var row = 0
    while row < rows {
      let isPair = isPaired && row + 1 < rows
      var column = 0
      while column < width {
        let count = min(stripWidth, width - column)
        var lane = 0
        while lane < channelsPerBlock {
          let place = unsafe RowPlace(block, channelBlock, lane, row: row, column: column)
          if isPair {
            unsafe convolvePair3x3(block, place, count: count)
          } else if unsafe isSmall && block.horizontalStride == 1 {
            unsafe convolveRow3x3(block, place, count: count)
          } else if unsafe isSmall && block.horizontalStride == 2 {
            unsafe convolveEverySecond3x3(block, place, count: count)
          } else {
            unsafe convolveRow(block, place, count: count)
          }
          lane += lanes
        }
        column += stripWidth
      }
      row += isPair ? 2 : 1
    }
    channelBlock += 1
  }
}

/// One vector of channels of some pixels of a row: what they read, and where they go.
@unsafe struct RowPlace {
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>
  let weights: UnsafePointer<Float>
  let bias: Vector
  let ending: DepthwiseEnding

  @inline(__always)
  init(_ block: DepthwiseBlock, _ channelBlock: Int, _ lane: Int, row: Int, column: Int) {
    unsafe input =
      block.input + channelBlock * block.inputBlockStride
      + row * block.verticalStride * block.inputRowStride
      + column * block.horizontalStride * channelsPerBlock + lane
    unsafe output =
      block.output + DepthwiseEnding.offset(block, channelBlock, lane)
      + row * block.outputRowStride + column * channelsPerBlock
    let taps = unsafe block.kernelHeight * block.kernelWidth
    unsafe weights = block.weights + channelBlock * taps * channelsPerBlock + lane
    unsafe bias = load(block.bias + channelBlock * channelsPerBlock + lane)
    unsafe ending = DepthwiseEnding(block, channelBlock, lane)
  }
}

/// Two rows of a 3×3 kernel with stride 1, its nine weights held in registers.
///
/// A function of its own like the next ones, since the compiler stops to inline in a long one.
@inline(never)
private func convolvePair3x3(_ block: DepthwiseBlock, _ place: RowPlace, count: Int) {
  let weights = unsafe place.weights
  let (w0, w1, w2) = unsafe (load(weights), load(weights + 16), load(weights + 32))
  let (w3, w4, w5) = unsafe (load(weights + 48), load(weights + 64), load(weights + 80))
  let (w6, w7, w8) = unsafe (load(weights + 96), load(weights + 112), load(weights + 128))
  let (bias, ending) = unsafe (place.bias, place.ending)
  let stride = unsafe block.inputRowStride
  let (line0, line1) = unsafe (place.input, place.input + stride)
  let (line2, line3) = unsafe (place.input + 2 * stride, place.input + 3 * stride)
  let (upperOutput, lowerOutput) = unsafe (place.output, place.output + block.outputRowStride)
  var x = 0
  let end = count * channelsPerBlock
  while x < end {
    // Each sum is taken in the order of the taps, as for a single row: results do not depend on how
    // rows are grouped.
    var upper = unsafe multiplyAdd(load(line0 + x), w0, bias)
    upper = unsafe multiplyAdd(load(line0 + x + 16), w1, upper)
    upper = unsafe multiplyAdd(load(line0 + x + 32), w2, upper)
    var shared = unsafe load(line1 + x)
    upper = multiplyAdd(shared, w3, upper)
    var lower = multiplyAdd(shared, w0, bias)
    shared = unsafe load(line1 + x + 16)
    upper = multiplyAdd(shared, w4, upper)
    lower = multiplyAdd(shared, w1, lower)
    shared = unsafe load(line1 + x + 32)
    upper = multiplyAdd(shared, w5, upper)
    lower = multiplyAdd(shared, w2, lower)
    shared = unsafe load(line2 + x)
    upper = multiplyAdd(shared, w6, upper)
    lower = multiplyAdd(shared, w3, lower)
    shared = unsafe load(line2 + x + 16)
    upper = multiplyAdd(shared, w7, upper)
    lower = multiplyAdd(shared, w4, lower)
    shared = unsafe load(line2 + x + 32)
    upper = multiplyAdd(shared, w8, upper)
    lower = multiplyAdd(shared, w5, lower)
    lower = unsafe multiplyAdd(load(line3 + x), w6, lower)
    lower = unsafe multiplyAdd(load(line3 + x + 16), w7, lower)
    lower = unsafe multiplyAdd(load(line3 + x + 32), w8, lower)
    unsafe ending.put(upper, upperOutput + x)
    unsafe ending.put(lower, lowerOutput + x)
    x &+= channelsPerBlock
  }
}

@inline(never)
private func convolveRow3x3(_ block: DepthwiseBlock, _ place: RowPlace, count: Int) {
  unsafe convolveRow3x3(block, place, count: count, stride: 1)
}

@inline(never)
private func convolveEverySecond3x3(_ block: DepthwiseBlock, _ place: RowPlace, count: Int) {
  unsafe convolveRow3x3(block, place, count: count, stride: 2)
}

/// One row of a 3×3 kernel, its nine weights held in registers.
@inline(__always)
private func convolveRow3x3(_ block: DepthwiseBlock, _ place: RowPlace, count: Int, stride: Int) {
  let weights = unsafe place.weights
  let (w0, w1, w2) = unsafe (load(weights), load(weights + 16), load(weights + 32))
  let (w3, w4, w5) = unsafe (load(weights + 48), load(weights + 64), load(weights + 80))
  let (w6, w7, w8) = unsafe (load(weights + 96), load(weights + 112), load(weights + 128))
  let (bias, ending) = unsafe (place.bias, place.ending)
  let top = unsafe place.input
  let (middle, bottom) = unsafe (top + block.inputRowStride, top + 2 * block.inputRowStride)
  let output = unsafe place.output
  let step = stride * channelsPerBlock
  var column = 0
  while column < count {
    let x = column &* step
    var sum = unsafe multiplyAdd(load(top + x), w0, bias)
    sum = unsafe multiplyAdd(load(top + x + 16), w1, sum)
    sum = unsafe multiplyAdd(load(top + x + 32), w2, sum)
    sum = unsafe multiplyAdd(load(middle + x), w3, sum)
    sum = unsafe multiplyAdd(load(middle + x + 16), w4, sum)
    sum = unsafe multiplyAdd(load(middle + x + 32), w5, sum)
    sum = unsafe multiplyAdd(load(bottom + x), w6, sum)
    sum = unsafe multiplyAdd(load(bottom + x + 16), w7, sum)
    sum = unsafe multiplyAdd(load(bottom + x + 32), w8, sum)
    unsafe ending.put(sum, output + column &* channelsPerBlock)
    column &+= 1
  }
}

/// One row of a kernel of any size.
@inline(never)
private func convolveRow(_ block: DepthwiseBlock, _ place: RowPlace, count: Int) {
  let (height, width) = unsafe (block.kernelHeight, block.kernelWidth)
  let step = unsafe block.horizontalStride * channelsPerBlock
  for column in 0..<count {
    var sum = unsafe place.bias
    for y in 0..<height {
      let line = unsafe place.input + y * block.inputRowStride + column * step
      for x in 0..<width {
        let weight = unsafe load(place.weights + (y * width + x) * channelsPerBlock)
        sum = unsafe multiplyAdd(load(line + x * channelsPerBlock), weight, sum)
      }
    }
    unsafe place.ending.put(sum, place.output + column * channelsPerBlock)
  }
}
