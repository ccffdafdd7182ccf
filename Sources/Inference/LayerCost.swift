/// What one layer cannot do without, however it is run.
package struct LayerCost: Sendable {
  package let name: String
  /// A multiplication with its addition is two.
  package let operations: Int
  /// Of the numbers that it reads and writes and of its weights as they are stored.
  package let bytes: Int
}

extension Network {
  /// The costs of the convolutions and fully connected layers, in order; the others cost little.
  ///
  /// - Parameters:
  ///   - width: of the image, in pixels, before it is padded.
  ///   - height: likewise.
  /// - Returns: one cost for each such layer.
  /// - Throws: ``ModelError`` if the image does not suit the network.
  package func layerCosts(width: Int, height: Int) throws(ModelError) -> [LayerCost] {
    let size = try input.paddedSize(width: width, height: height)
    let shapes = try inferShapes(graph, imageWidth: size.width, imageHeight: size.height)
    return graph.layers.compactMap { layer in
      let (read, written) = (shapes[layer.inputs[0]], shapes[layer.output])
      // Counted from the shapes: a network keeps its weights in packed form alone.
      let products: Int
      let weightBytes: Int
      switch layer.operation {
      case .convolution(let convolution):
        let window = convolution.window
        let perOutput =
          convolution.inputChannels / convolution.groups * window.height * window.width
        products = perOutput * written.count
        weightBytes = perOutput * convolution.outputChannels * MemoryLayout<Float>.stride
      case .fullyConnected(let outputs, let inputs, _, _):
        products = outputs * inputs
        // Kept as brain floats.
        weightBytes = products * MemoryLayout<UInt16>.stride
      default: return nil
      }
      // The image is bytes, everything else floats.
      let inputBytes = read.count * (layer.inputs[0] == 0 ? 1 : MemoryLayout<Float>.stride)
      return LayerCost(
        name: layer.name, operations: 2 * products,
        bytes: inputBytes + written.count * MemoryLayout<Float>.stride + weightBytes)
    }
  }
}
