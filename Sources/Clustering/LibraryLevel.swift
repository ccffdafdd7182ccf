/// What the demand on similarity depends on: how large a library is and how alike its people are.
///
/// The size goes in steps of a quarter of a doubling, so that a cluster has to be looked at again
/// when a step is taken and not with every face.
struct LibraryLevel: Equatable, Sendable {
  let step: Int
  /// How many faces may found clusters.
  let figureCount: Int
  /// The decadic logarithm of the step's size over the reference size.
  let tenfolds: Float
  /// What is demanded beyond the ordinary because people are alike.
  var alikeness: Float = 0

  /// - Parameters:
  ///   - figureCount: how many faces may found clusters.
  ///   - policy: says which size the similarities are stated for.
  init(figureCount: Int, policy: ClusteringPolicy) {
    var step = 0
    var size = Self.firstSize
    while size * Self.ratio <= Float(figureCount) {
      size *= Self.ratio
      step += 1
    }
    self.step = step
    self.figureCount = figureCount
    tenfolds = Self.tenfolds(max(size, policy.smallestCount) / policy.referenceCount)
  }

  /// The steps begin at this size.
  private static let firstSize: Float = 16
  /// 2^(1/4).
  private static let ratio: Float = 1.189_207_1

  /// The decadic logarithm, to a quarter of a doubling.
  private static func tenfolds(_ proportion: Float) -> Float {
    var (steps, left) = (Float(0), proportion)
    while left >= Self.ratio.squareRoot() {
      left /= Self.ratio
      steps += 1
    }
    while left < 1 / Self.ratio.squareRoot() {
      left *= Self.ratio
      steps -= 1
    }
    return steps * tenfoldsPerStep
  }

  /// log10(2) / 4.
  private static let tenfoldsPerStep: Float = 0.075_257_5
}
