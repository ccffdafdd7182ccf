internal import Glibc

/// How often a stranger's face is as similar to somebody's as a given cosine.
///
/// Measured on all pairs of faces of different people, at most four of each, of one half of the
/// people of LFW's development part (1.5 million pairs). On the other half the rates asked for are
/// kept within a factor of 1.1; with one photograph each of 200 people and 1,000 strangers, six
/// draws of them, 0.001 gives 0.0009 to 0.0012.
public struct FalseAcceptCalibration: Sendable {
  /// Rates that can be asked for: beyond them there was nothing to measure on.
  public static let rates: ClosedRange<Double> = 1e-5...0.1

  /// Rates with the cosine that so many of the pairs reach, falling.
  private static let measured: [(rate: Double, similarity: Double)] = [
    (0.1, 0.2064), (0.03, 0.2585), (0.01, 0.2976), (0.003, 0.3346), (0.001, 0.3648),
    (0.0003, 0.395), (0.0001, 0.4205), (0.000_03, 0.4462), (0.000_01, 0.4736),
  ]

  public init() {}

  /// The cosine that a stranger reaches at a rate; interpolated in the rate's logarithm, and
  /// carried on beyond ``rates``.
  public func similarity(falseAcceptRate rate: Double) -> Float {
    let points = Self.measured
    let wanted = log(rate)
    let upper = points.dropFirst().firstIndex { log($0.rate) <= wanted } ?? points.count - 1
    let (a, b) = (points[upper - 1], points[upper])
    let share = (wanted - log(a.rate)) / (log(b.rate) - log(a.rate))
    return Float(a.similarity + share * (b.similarity - a.similarity))
  }

  /// The rate at which strangers reach a cosine.
  public func falseAcceptRate(similarity: Float) -> Double {
    let points = Self.measured
    let wanted = Double(similarity)
    let upper = points.dropFirst().firstIndex { $0.similarity >= wanted } ?? points.count - 1
    let (a, b) = (points[upper - 1], points[upper])
    let share = (wanted - a.similarity) / (b.similarity - a.similarity)
    return min(1, exp(log(a.rate) + share * (log(b.rate) - log(a.rate))))
  }
}
