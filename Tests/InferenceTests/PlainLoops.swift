// The definitions that the kernels are tested against: plain loops over planar arrays
// `[channels][height][width]`.

/// Channels, height and width of a planar array.
struct PlainShape: CustomStringConvertible {
  var channels: Int
  var height: Int
  var width: Int

  var count: Int { channels * height * width }
  var description: String { "\(channels)×\(height)×\(width)" }
}

struct PlainWindow {
  var height: Int
  var width: Int
  var stride: Int
  var padding: Int

  func outputSize(_ extent: Int, kernel: Int) -> Int {
    (extent + 2 * padding - kernel) / stride + 1
  }
}

/// A convolution with one group or as many as there are channels, and a leaky rectifier.
func plainConvolution(
  _ input: [Float], _ shape: PlainShape, weights: [Float], bias: [Float], slopes: [Float],
  window: PlainWindow, isDepthwise: Bool
) -> (values: [Float], shape: PlainShape) {
  let output = PlainShape(
    channels: bias.count, height: window.outputSize(shape.height, kernel: window.height),
    width: window.outputSize(shape.width, kernel: window.width))
  let perGroup = isDepthwise ? 1 : shape.channels
  var values = [Float](repeating: 0, count: output.count)
  for channel in 0..<output.channels {
    for row in 0..<output.height {
      for column in 0..<output.width {
        var sum = Double(bias[channel])
        for index in 0..<perGroup {
          let source = isDepthwise ? channel : index
          for y in 0..<window.height {
            for x in 0..<window.width {
              let (line, place) = (
                row * window.stride - window.padding + y,
                column * window.stride - window.padding + x
              )
              guard (0..<shape.height).contains(line), (0..<shape.width).contains(place) else {
                continue
              }
              let weight = weights[
                ((channel * perGroup + index) * window.height + y) * window.width + x]
              sum +=
                Double(weight) * Double(input[(source * shape.height + line) * shape.width + place])
            }
          }
        }
        let value = sum < 0 ? sum * Double(slopes[channel]) : sum
        values[(channel * output.height + row) * output.width + column] = Float(value)
      }
    }
  }
  return (values, output)
}

/// Repeatable numbers in −1…1.
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> Float {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
  }

  mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
}
