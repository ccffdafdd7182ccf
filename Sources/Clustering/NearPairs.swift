/// Pairs of faces of two groups that were photographed not many years apart, by how many eras
/// they are apart: none, one, two or three.
struct NearPairs: Sendable {
  /// How many pairs are so many eras apart.
  private(set) var counts = SIMD4<Float>()
  /// Their similarities added up.
  private(set) var similaritySums = SIMD4<Float>()

  static func += (left: inout NearPairs, right: NearPairs) {
    left.counts += right.counts
    left.similaritySums += right.similaritySums
  }

  /// Adds pairs of faces of two eras, unless these are too far apart.
  ///
  /// - Parameters:
  ///   - era: of the one.
  ///   - other: of the other.
  ///   - count: how many pairs.
  ///   - similaritySum: gives their similarities in sum; asked only if they count.
  mutating func add(_ era: Int32, _ other: Int32, count: Float, _ similaritySum: () -> Float) {
    guard let distance = Self.distance(era, other) else { return }
    counts[distance] += count
    similaritySums[distance] += similaritySum()
  }

  /// How many eras apart two are, if they are near.
  static func distance(_ era: Int32, _ other: Int32) -> Int? {
    let distance = abs(Int(era) - Int(other))
    return distance < SIMD4<Float>.scalarCount ? distance : nil
  }

  /// Calls `body` with the pairs that are at most so many eras apart, from the nearest only to all.
  ///
  /// - Parameter body: gets how many there are, at least one, and their average similarity.
  func visitWindows(_ body: (_ count: Float, _ averageSimilarity: Float) -> Void) {
    var (count, similaritySum) = (Float(0), Float(0))
    for distance in counts.indices where counts[distance] > 0 {
      count += counts[distance]
      similaritySum += similaritySums[distance]
      body(count, similaritySum / count)
    }
  }
}

/// The near pairs of all pairs of groups, as a full symmetric table; empty where no time is known.
///
/// - Parameters:
///   - rows: `n × dimension`, the mean of each group.
///   - similarities: `n × n`, of these.
///   - sizes: how many faces each group has.
///   - eras: of each.
/// - Returns: `n × n`, row-major, or nothing.
func nearPairTable(
  of rows: [Float], similarities: [Float], sizes: [Float], eras: [Eras]
) -> [NearPairs] {
  guard eras.contains(where: { !$0.isUnknown }) else { return [] }
  let count = sizes.count
  let dimension = rows.count / count
  let all = rows.span
  var table = [NearPairs](repeating: NearPairs(), count: count * count)
  for a in 0..<count where !eras[a].isUnknown {
    for b in 0..<a {
      var pairs = NearPairs()
      if case .one(let era) = eras[a], case .one(let other) = eras[b] {
        let pairCount = sizes[a] * sizes[b]
        pairs.add(era, other, count: pairCount) { pairCount * similarities[a * count + b] }
      } else {
        pairs = eras[a].nearPairs(
          mean: all.extracting(a * dimension..<(a + 1) * dimension), size: sizes[a], eras[b],
          mean: all.extracting(b * dimension..<(b + 1) * dimension), size: sizes[b])
      }
      table[a * count + b] = pairs
      table[b * count + a] = pairs
    }
  }
  return table
}
