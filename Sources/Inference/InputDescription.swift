/// What a network makes of an RGB image.
public struct InputDescription: Sendable, Equatable {
  /// One channel of the network's input, made from a pixel's red, green and blue bytes.
  public enum Channel: String, Sendable {
    case red, green, blue
    /// 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    case luminance
  }

  /// The images that a network takes.
  public enum Size: Sendable, Equatable {
    case fixed(width: Int, height: Int)
    /// Any size; zero pixels are added on the right and below up to a multiple.
    case padded(multipleOf: Int)
  }

  public let name: String
  /// In the order in which the network was trained to see them.
  public let channels: [Channel]
  /// Subtracted from each channel's byte.
  public let mean: [Float]
  /// Multiplied with after subtracting the mean.
  public let scale: [Float]
  public let size: Size

  /// More than any image that is given to a network whole.
  static let sideLimit = 16_384

  init(_ described: GraphDescription.Input) throws(ModelError) {
    var channels: [Channel] = []
    for name in described.channels {
      guard let channel = Channel(rawValue: name) else {
        throw .invalidInput(reason: "unknown channel \"\(name)\"")
      }
      channels.append(channel)
    }
    let colours = Set(channels)
    guard channels == [.luminance] || (channels.count == 3 && colours == [.red, .green, .blue])
    else { throw .invalidInput(reason: "channels must be luminance or red, green and blue") }
    guard described.mean.count == channels.count, described.scale.count == channels.count,
      (described.mean + described.scale).allSatisfy(\.isFinite)
    else { throw .invalidInput(reason: "one mean and one scale a channel are needed") }
    name = described.name
    self.channels = channels
    mean = described.mean
    scale = described.scale
    let sides = 1...Self.sideLimit
    switch (described.size.width, described.size.height, described.size.multipleOf) {
    case (let width?, let height?, nil) where sides.contains(width) && sides.contains(height):
      size = .fixed(width: width, height: height)
    case (nil, nil, let multiple?) where (1...1024).contains(multiple):
      size = .padded(multipleOf: multiple)
    default:
      throw .invalidInput(reason: "its size must be a width and a height, or a multiple")
    }
  }

  /// The size that the network really runs at for an image.
  ///
  /// - Throws: ``ModelError/wrongImageSize(width:height:expected:)``.
  public func paddedSize(
    width: Int, height: Int
  ) throws(ModelError) -> (width: Int, height: Int) {
    switch size {
    case .fixed(let fixedWidth, let fixedHeight):
      guard width == fixedWidth, height == fixedHeight else {
        throw .wrongImageSize(
          width: width, height: height, expected: "\(fixedWidth)×\(fixedHeight) pixels")
      }
      return (width, height)
    case .padded(let multiple):
      guard (1...Self.sideLimit).contains(width), (1...Self.sideLimit).contains(height) else {
        throw .wrongImageSize(
          width: width, height: height, expected: "1 to \(Self.sideLimit) pixels a side")
      }
      return (
        (width + multiple - 1) / multiple * multiple, (height + multiple - 1) / multiple * multiple
      )
    }
  }
}

/// One of a network's results.
public struct OutputDescription: Sendable, Equatable {
  public let name: String
  public let channels: Int
}

/// The extents of a result: row-major, height × width × channels.
public struct TensorShape: Sendable, Hashable {
  public let height: Int
  public let width: Int
  public let channels: Int

  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  public var count: Int { height * width * channels }
}
