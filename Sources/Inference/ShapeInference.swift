/// The shapes of all tensors of a graph for one size of image.
///
/// - Throws: ``ModelError/invalidLayer(layer:reason:)`` where a window does not fit or two inputs
///   disagree.
func inferShapes(
  _ graph: Graph, imageWidth: Int, imageHeight: Int
) throws(ModelError) -> [TensorShape] {
  var shapes = [
    TensorShape(height: imageHeight, width: imageWidth, channels: graph.channels[0])
  ]
  for layer in graph.layers {
    let first = shapes[layer.inputs[0]]
    var size: (height: Int, width: Int)? = (first.height, first.width)
    switch layer.operation {
    case .convolution(let convolution):
      size = convolution.window.outputSize(height: first.height, width: first.width)
    case .maximumPooling(let window), .averagePooling(let window):
      size = window.outputSize(height: first.height, width: first.width)
    case .globalAveragePooling, .fullyConnected:
      size = (1, 1)
    case .nearestUpsampling(let factor):
      size = (first.height * factor, first.width * factor)
    case .zeroPadding(let padding):
      size = (
        first.height + padding.top + padding.bottom, first.width + padding.left + padding.right
      )
    case .add, .concatenation:
      let agree = layer.inputs.allSatisfy {
        shapes[$0].height == first.height && shapes[$0].width == first.width
      }
      if !agree { size = nil }
    case .multiply:
      // The second factor may be one number a channel.
      let second = shapes[layer.inputs[1]]
      let isScalar = second.height == 1 && second.width == 1
      if second != first && !isScalar { size = nil }
    case .activation, .softmax: break
    }
    guard let size, (1...sideLimit).contains(size.height), (1...sideLimit).contains(size.width)
    else {
      throw .invalidLayer(
        layer: layer.name,
        reason: "its inputs \(layer.inputs.map { "\(shapes[$0].height)×\(shapes[$0].width)" })"
          + " do not fit")
    }
    shapes.append(
      TensorShape(
        height: size.height, width: size.width, channels: graph.channels[layer.output]))
  }
  return shapes
}

/// Keeps products of sizes and channels far from overflow.
private let sideLimit = 65_536
