internal import Glibc
internal import KernelTypes
internal import Kernels

extension StepExecution {
  func leakyActivation(_ step: NetworkStep, _ slopes: PackedSlopes) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<input.blocks {
      let slope = unsafe slopes.buffer.pointer(to: Float.self) + block * channelsPerBlock
      for row in 0..<input.height {
        unsafe kernels.activateElements(
          source + block * input.blockStride + row * input.rowStride, slope,
          input.width * channelsPerBlock,
          target + block * output.blockStride + row * output.rowStride)
      }
    }
  }

  func sigmoid(_ step: NetworkStep) {
    unsafe eachRow(step) { source, target, count in
      unsafe target.update(from: source, count: count)
      unsafe kernels.applyLogistic(target, count)
    }
  }

  /// Over the channels of each pixel.
  func softmax(_ step: NetworkStep) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    for row in 0..<input.height {
      for column in 0..<input.width {
        let from = unsafe source + row * input.rowStride + column * channelsPerBlock
        let to = unsafe target + row * output.rowStride + column * channelsPerBlock
        func place(_ channel: Int, _ layout: TensorLayout) -> Int {
          channel / channelsPerBlock * layout.blockStride + channel % channelsPerBlock
        }
        var largest = -Float.infinity
        for channel in 0..<input.channels {
          largest = unsafe max(largest, from[place(channel, input)])
        }
        var sum: Float = 0
        for channel in 0..<input.channels {
          let value = unsafe expf(from[place(channel, input)] - largest)
          unsafe to[place(channel, output)] = value
          sum += value
        }
        for channel in 0..<input.channels { unsafe to[place(channel, output)] /= sum }
      }
    }
  }

  func globalAveragePooling(_ step: NetworkStep) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    unsafe kernels.poolAverage(
      PoolingBlock(
        input: source, inputBlockStride: input.blockStride, inputRowStride: input.rowStride,
        inputHeight: input.height, inputWidth: input.width, kernelHeight: input.height,
        kernelWidth: input.width, verticalStride: 1, horizontalStride: 1, paddingTop: 0,
        paddingLeft: 0, blocks: input.blocks, output: target,
        outputBlockStride: output.blockStride, outputRowStride: output.rowStride, firstRow: 0,
        rows: 1, width: 1))
  }

  func upsampling(_ step: NetworkStep, factor: Int) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<output.blocks {
      for row in 0..<output.height {
        unsafe kernels.repeatPixels(
          source + block * input.blockStride + row / factor * input.rowStride, input.width, factor,
          target + block * output.blockStride + row * output.rowStride)
      }
    }
  }

  func addUpsampled(_ step: NetworkStep, factor: Int) {
    let (large, largeSource) = unsafe tensor(step.inputs[0])
    let (small, smallSource) = unsafe tensor(step.inputs[1])
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<output.blocks {
      for row in 0..<output.height {
        unsafe kernels.addRepeatedPixels(
          smallSource + block * small.blockStride + row / factor * small.rowStride,
          largeSource + block * large.blockStride + row * large.rowStride, small.width, factor,
          target + block * output.blockStride + row * output.rowStride)
      }
    }
  }

  func zeroPadding(_ step: NetworkStep, _ padding: Padding) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<output.blocks {
      for row in 0..<output.height {
        let line = unsafe target + block * output.blockStride + row * output.rowStride
        unsafe line.update(repeating: 0, count: output.width * channelsPerBlock)
        let from = row - padding.top
        guard block < input.blocks, (0..<input.height).contains(from) else { continue }
        let first = unsafe line + padding.left * channelsPerBlock
        unsafe first.update(
          from: source + block * input.blockStride + from * input.rowStride,
          count: input.width * channelsPerBlock)
        // What lies behind the last channel of an input may be anything.
        let channels = min(channelsPerBlock, input.channels - block * channelsPerBlock)
        guard channels < channelsPerBlock else { continue }
        for column in 0..<input.width {
          unsafe (first + column * channelsPerBlock + channels).update(
            repeating: 0, count: channelsPerBlock - channels)
        }
      }
    }
  }

  func elementwise(_ step: NetworkStep, _ kernel: KernelTable.Elementwise) {
    let (first, firstSource) = unsafe tensor(step.inputs[0])
    let (second, secondSource) = unsafe tensor(step.inputs[1])
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<output.blocks {
      for row in 0..<output.height {
        unsafe kernel(
          firstSource + block * first.blockStride + row * first.rowStride,
          secondSource + block * second.blockStride + row * second.rowStride,
          output.width * channelsPerBlock,
          target + block * output.blockStride + row * output.rowStride)
      }
    }
  }

  /// Multiplies two tensors of one shape, or a tensor by one number a channel.
  func multiplication(_ step: NetworkStep) {
    let (first, source) = unsafe tensor(step.inputs[0])
    let (second, factors) = unsafe tensor(step.inputs[1])
    if second.height == first.height && second.width == first.width {
      unsafe elementwise(step, kernels.multiplyElements)
      return
    }
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<output.blocks {
      let factor = unsafe factors + block * second.blockStride
      for row in 0..<output.height {
        let from = unsafe source + block * first.blockStride + row * first.rowStride
        let to = unsafe target + block * output.blockStride + row * output.rowStride
        for index in 0..<(output.width * channelsPerBlock) {
          unsafe to[index] = from[index] * factor[index % channelsPerBlock]
        }
      }
    }
  }

  func concatenation(_ step: NetworkStep) {
    let (output, target) = unsafe tensor(step.output)
    var firstChannel = 0
    for id in step.inputs {
      let (input, source) = unsafe tensor(id)
      for channel in 0..<input.channels {
        let from =
          unsafe source + channel / channelsPerBlock * input.blockStride
          + channel % channelsPerBlock
        let place = firstChannel + channel
        let to =
          unsafe target + place / channelsPerBlock * output.blockStride
          + place % channelsPerBlock
        for row in 0..<output.height {
          for column in 0..<output.width {
            unsafe to[row * output.rowStride + column * channelsPerBlock] =
              from[row * input.rowStride + column * channelsPerBlock]
          }
        }
      }
      firstChannel += input.channels
    }
  }

  private func eachRow(
    _ step: NetworkStep,
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ count: Int) -> Void
  ) {
    let (input, source) = unsafe tensor(step.inputs[0])
    let (output, target) = unsafe tensor(step.output)
    for block in 0..<output.blocks {
      for row in 0..<output.height {
        unsafe body(
          source + block * input.blockStride + row * input.rowStride,
          target + block * output.blockStride + row * output.rowStride,
          output.width * channelsPerBlock)
      }
    }
  }
}
