/// How the bytes of an image become the numbers that a network reads, in the order in which they
/// are stored.
///
/// Made once a network, since every row of every image asks for it.
struct ImageNormalization: Sendable {
  /// One for luminance, else three.
  let channels: Int
  /// For each channel of the stored image (red, green, blue), its number in the network's input.
  let order: [Int]
  /// In the stored order; subtracted from each byte.
  let mean: [Float]
  /// In the stored order; multiplied with after subtracting the mean.
  let scale: [Float]
  /// A black pixel, normalised, in the stored order.
  let black: [Float]
  /// Whether all channels are normalised alike.
  let isUniform: Bool

  init(_ input: InputDescription) {
    let colours: [InputDescription.Channel] = [.red, .green, .blue]
    let order =
      input.channels == [.luminance]
      ? [0] : colours.map { input.channels.firstIndex(of: $0) ?? 0 }
    let (mean, scale) = (order.map { input.mean[$0] }, order.map { input.scale[$0] })
    channels = order.count
    self.order = order
    self.mean = mean
    self.scale = scale
    black = zip(mean, scale).map { -$0 * $1 }
    isUniform = mean.allSatisfy { $0 == mean[0] } && scale.allSatisfy { $0 == scale[0] }
  }
}
