internal import FaceTypes
internal import VectorIndex

/// The number of the era of ``ClusteringPolicy/yearsPerEra`` years that a moment is in.
struct EraClock: Sendable {
  private let milliseconds: Double

  init(yearsPerEra: Float) { milliseconds = Double(yearsPerEra) * 365.25 * 86_400_000 }

  func era(of moment: Timestamp) -> Int32 {
    Int32(clamping: Int64((Double(moment.milliseconds) / milliseconds).rounded(.down)))
  }
}

/// In which eras the faces of a group were photographed.
enum EraSpan: Equatable, Sendable {
  /// Nobody knows of any of them.
  case unknown
  /// All in this one.
  case one(Int32)
  /// In more than one, or nobody knows of some.
  case several

  init(_ era: Int32?) { self = era.map { .one($0) } ?? .unknown }

  /// That of both groups together.
  func joined(_ other: EraSpan) -> EraSpan { self == other ? self : .several }
}

/// The faces of a group by the era in which they were photographed, which is what a person looked
/// like at several times; those of which nobody knows the time are left out.
struct EraSums: Sendable {
  /// In ascending order.
  private(set) var eras: [Int32] = []
  /// How many faces each era has.
  private(set) var counts: [Float] = []
  /// `eras × dimension`: the sum of the embeddings of each era's faces.
  private(set) var sums: [Float] = []
  let dimension: Int

  init(dimension: Int) { self.dimension = dimension }

  /// Adds a multiple of a vector that stands for so many faces of an era; none is left out.
  mutating func add(_ vector: Span<Float>, scaledBy factor: Float, count: Float, in era: Int32) {
    let place = eras.partitioningIndex { $0 >= era }
    if place == eras.count || eras[place] != era {
      eras.insert(era, at: place)
      counts.insert(0, at: place)
      sums.insert(contentsOf: repeatElement(0, count: dimension), at: place * dimension)
    }
    counts[place] += count
    for column in 0..<dimension { sums[place * dimension + column] += factor * vector[column] }
    guard counts[place] <= 0 else { return }
    eras.remove(at: place)
    counts.remove(at: place)
    sums.removeSubrange(place * dimension..<(place + 1) * dimension)
  }
}

/// The eras of a group with what they look like.
enum Eras: Sendable {
  case unknown
  /// All faces are of this one; their sum is that of the group.
  case one(Int32)
  case several(EraSums)

  /// - Parameter era: of a single face, or of a group of one era.
  init(_ era: Int32?) { self = era.map { .one($0) } ?? .unknown }

  var isUnknown: Bool { if case .unknown = self { true } else { false } }

  /// Calls `body` with each era, how many of the group's faces it has, and a vector which,
  /// multiplied by a number, is their sum.
  ///
  /// - Parameters:
  ///   - mean: of the whole group.
  ///   - size: how many faces it has.
  ///   - body: gets all that.
  func visit(
    mean: Span<Float>, size: Float,
    _ body: (_ era: Int32, _ count: Float, _ vector: Span<Float>, _ factor: Float) -> Void
  ) {
    switch self {
    case .unknown: break
    case .one(let era): body(era, size, mean, size)
    case .several(let parts):
      let all = parts.sums.span
      for (index, era) in parts.eras.enumerated() {
        let sum = all.extracting(index * parts.dimension..<(index + 1) * parts.dimension)
        body(era, parts.counts[index], sum, 1)
      }
    }
  }

  /// Those of two groups together.
  ///
  /// - Parameters:
  ///   - mean: of this group.
  ///   - size: of this group.
  ///   - other: those of the other group.
  ///   - otherMean: of that group.
  ///   - otherSize: of that group.
  /// - Returns: as if all faces had been one group.
  func joined(
    mean: Span<Float>, size: Float, _ other: Eras, mean otherMean: Span<Float>,
    size otherSize: Float
  ) -> Eras {
    if isUnknown, other.isUnknown { return .unknown }
    if case .one(let era) = self, case .one(let otherEra) = other, era == otherEra { return self }
    var parts = EraSums(dimension: mean.count)
    if case .several(let mine) = self {
      parts = mine
      other.add(mean: otherMean, size: otherSize, to: &parts)
    } else if case .several(let theirs) = other {
      parts = theirs
      add(mean: mean, size: size, to: &parts)
    } else {
      add(mean: mean, size: size, to: &parts)
      other.add(mean: otherMean, size: otherSize, to: &parts)
    }
    return .several(parts)
  }

  private func add(mean: Span<Float>, size: Float, to parts: inout EraSums) {
    visit(mean: mean, size: size) { era, count, vector, factor in
      parts.add(vector, scaledBy: factor, count: count, in: era)
    }
  }

  /// The pairs of faces of two groups that are not many years apart.
  ///
  /// - Parameters:
  ///   - mean: of this group.
  ///   - size: of this group.
  ///   - other: the eras of the other group.
  ///   - otherMean: of that group.
  ///   - otherSize: of that group.
  /// - Returns: how many there are and how alike they are in sum.
  func nearPairs(
    mean: Span<Float>, size: Float, _ other: Eras, mean otherMean: Span<Float>,
    size otherSize: Float
  ) -> NearPairs {
    var pairs = NearPairs()
    visit(mean: mean, size: size) { era, count, vector, factor in
      other.visit(mean: otherMean, size: otherSize) { otherEra, otherCount, otherVector, share in
        pairs.add(era, otherEra, count: count * otherCount) {
          factor * share * innerProduct(vector, otherVector)
        }
      }
    }
    return pairs
  }
}
