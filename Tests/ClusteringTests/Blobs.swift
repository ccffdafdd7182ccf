import Clustering
import FaceTypes

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func direction(_ dimension: Int) -> [Float] {
    unit((0..<dimension).map { _ in Float.random(in: -1...1, using: &self) })
  }
}

func unit(_ vector: [Float]) -> [Float] {
  let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return vector.map { $0 / length }
}

/// A made-up face: `share` of its squared length is its person's direction, the rest is chance.
func face(
  _ figure: Int, of person: [Float], share: Float = 0.6, media: Int? = nil, mayFound: Bool = true,
  using numbers: inout Numbers
) -> ClusterableFigure {
  let noise = numbers.direction(person.count)
  let mixed = zip(person, noise).map {
    share.squareRoot() * $0.0 + (1 - share).squareRoot() * $0.1
  }
  return ClusterableFigure(
    figure: FigureID(rawValue: Int64(figure)), media: MediaID(rawValue: Int64(media ?? figure)),
    embedding: unit(mixed), mayFound: mayFound)
}
