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
      let products: Int
      let weightBytes: Int
      switch layer.operation {
      case .convolution(let convolution):
        products =
          convolution.weights.count / convolution.outputChannels * written.count
        weightBytes = convolution.weights.count * MemoryLayout<Float>.stride
      case .fullyConnected(_, _, let weights, _):
        products = weights.count
        // Kept as brain floats.
        weightBytes = weights.count * MemoryLayout<UInt16>.stride
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
