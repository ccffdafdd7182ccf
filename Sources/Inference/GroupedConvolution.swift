internal import KernelTypes
internal import Kernels

/// What a grouped convolution gathers and multiplies at a time.
struct GatherSize {
  /// Output rows.
  let rows: Int
  /// Floats.
  let count: Int

  private static let byteLimit = 192 * 1024

  /// The size for a step; `nil` if it is no grouped convolution.
  init?(_ step: NetworkStep, layouts: [TensorLayout]) {
    guard case .groupedConvolution(let convolution, _) = step.work else { return nil }
    let window = convolution.window
    let depth = convolution.inputChannels / convolution.groups * window.height * window.width
    let output = layouts[step.output]
    let rowCount = (depth + convolution.outputChannels / convolution.groups) * output.width
    rows = max(1, min(output.height, Self.byteLimit / (4 * rowCount)))
    count = rows * rowCount
  }
}

extension StepExecution {
  /// A convolution of any grouping: gathers what each pixel reads and multiplies matrices.
  ///
  /// Slower than the other ways, and general: `weights [m × depth] · gathered [depth × pixels]` for
  /// each group and some rows at a time.
  func groupedConvolution(
    _ step: NetworkStep, _ convolution: ConvolutionWeights, _ slopes: [Float]?
  ) {
    let (output, target) = unsafe tensor(step.output)
    let window = convolution.window
    let taps = window.height * window.width
    let inputsPerGroup = convolution.inputChannels / convolution.groups
    let outputsPerGroup = convolution.outputChannels / convolution.groups
    let depth = inputsPerGroup * taps
    guard let size = unsafe GatherSize(step, layouts: plan.layouts) else { return }
    for start in stride(from: 0, to: output.height, by: size.rows) {
      let rows = min(size.rows, output.height - start)
      let pixels = rows * output.width
      for group in 0..<convolution.groups {
        let gathered = unsafe UnsafeMutableBufferPointer(start: scratch, count: depth * pixels)
        for position in 0..<depth {
          unsafe gather(
            step.inputs[0], channel: group * inputsPerGroup + position / taps, window: window,
            tap: position % taps, firstRow: start, rows: rows, width: output.width,
            into: scratch + position * pixels)
        }
        let product = unsafe UnsafeMutableBufferPointer(
          start: scratch + depth * pixels, count: outputsPerGroup * pixels)
        let weights = convolution.weights.span.extracting(
          (group * outputsPerGroup * depth)..<((group + 1) * outputsPerGroup * depth))
        var result = unsafe product.mutableSpan
        unsafe multiply(
          weights, gathered.span, depth: depth, columns: pixels, into: &result)
        for index in 0..<outputsPerGroup {
          let channel = group * outputsPerGroup + index
          let slope = slopes.map { $0.count == 1 ? $0[0] : $0[channel] } ?? 1
          let plane =
            unsafe target + channel / channelsPerBlock * output.blockStride
            + channel % channelsPerBlock + start * output.rowStride
          for pixel in 0..<pixels {
            let value = unsafe product[index * pixels + pixel] + convolution.bias[channel]
            let place =
              pixel / output.width * output.rowStride
              + pixel % output.width * channelsPerBlock
            unsafe plane[place] = value < 0 ? value * slope : value
          }
        }
      }
    }
  }

  /// What one tap reads of one channel, for all pixels of some output rows; zero outside.
  private func gather(
    _ id: TensorID, channel: Int, window: Window, tap: Int, firstRow: Int, rows: Int, width: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let (layout, first) = unsafe tensor(id)
    let plane =
      unsafe first + channel / channelsPerBlock * layout.blockStride
      + channel % channelsPerBlock
    for row in 0..<rows {
      let y = (firstRow + row) * window.verticalStride - window.top + tap / window.width
      for column in 0..<width {
        let x = column * window.horizontalStride - window.left + tap % window.width
        let isInside = (0..<layout.height).contains(y) && (0..<layout.width).contains(x)
        unsafe target[row * width + column] =
          isInside ? plane[y * layout.rowStride + x * channelsPerBlock] : 0
      }
    }
  }
}
