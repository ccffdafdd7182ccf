internal import FaceTypes
internal import VectorIndex

/// What it takes to get the cosine of two embeddings back after the center was taken out.
struct CenterShare: Sendable {
  /// The length of what was left of the embedding.
  let length: Float
  /// The inner product of what was left with the center, blur not taken out.
  let alongCenter: Float
  /// How far it reached along each direction of blur; 0 where there is none.
  let alongBlur: SIMD2<Float>
}

extension CenterShare {
  static let numberCount = 4

  /// Reads ``numbers``.
  init(_ numbers: Span<Float>) {
    self.init(
      length: numbers[0], alongCenter: numbers[1], alongBlur: SIMD2(numbers[2], numbers[3]))
  }

  /// The share as a row of ``numberCount`` numbers.
  var numbers: [Float] { [length, alongCenter, alongBlur[0], alongBlur[1]] }
}

/// A cluster as the clusterer keeps it; lists are in ascending order of figures.
struct ClusterState: Sendable {
  let id: ClusterID
  /// The positions of the figures that speak for the cluster.
  var founders: [Int] = []
  /// The positions of the figures that only joined; they do not count in the cluster's sum.
  var joiners: [Int] = []
  /// The length of their mean: 1 for a single one, less the less alike they are; 0 for none.
  var meanLength: Float = 0
  /// When the founders were photographed; of one that has lost some it may be too wide.
  var span: EraSpan = .unknown
  /// Named by a user: the machine may add to it, and nothing else.
  var isProtected = false
  /// Before which no face can show the cluster's person; only protected clusters have one.
  var birth: Timestamp?
  /// By how much the weakest of the joins that made the cluster was above what it needed, at the
  /// library's present size; infinite for what was never joined, `nil` until somebody asks.
  var weakestGain: Float?

  var isEmpty: Bool { founders.isEmpty && joiners.isEmpty }
}

/// All figures and clusters of a library and the lookups between them; decides nothing.
///
/// Figures and clusters have places that stay theirs while they live and are used again after.
struct LibraryState: Sendable {
  let dimension: Int
  /// What is subtracted from an embedding; empty or `dimension` numbers.
  private let center: [Float]
  private let squaredCenterLength: Float
  /// What is taken out then: at most two vectors of `dimension` numbers.
  private let blurDirections: [[Float]]
  var figures = FigureTable()
  /// The figures' embeddings as they are compared for clustering; see ``centered(_:)``.
  var embeddings: DenseRows
  /// The same as the model gave them, rounded: which figures may be like a face.
  var modelCodes: CodedMatrix
  /// What it takes to get each figure's model's cosines back: four numbers, see ``CenterShare``.
  var centerShares: DenseRows
  var clusters: [ClusterState?] = []
  /// The mean embedding of each cluster's founders, zero at free places: its inner product with a
  /// face is the average similarity to the founders, and with another mean that of all pairs.
  var means: EmbeddingMatrix
  /// The sum of the embeddings of each cluster's founders, zero at free places.
  var sums: DenseRows
  private var freePlaces: [Int] = []
  /// Of each place the length of its cluster's mean, if the founders were photographed in several
  /// eras; else zero.
  private(set) var lengthsAcrossYears: [Float] = []
  /// Of places the founders by era, if there are many and somebody asked.
  private(set) var eraSums: [Int: EraSums] = [:]
  private let eraClock: EraClock
  var placeOf: [ClusterID: Int] = [:]
  var founderCount = 0
  /// The figures that may not found a cluster.
  var unclear: FlatIndex

  init(
    dimension: Int, center: [Float], blurDirections: [[Float]], eraClock: EraClock, file: RowFile?
  ) {
    precondition(center.isEmpty || center.count == dimension, "the center has every dimension")
    precondition(
      blurDirections.count <= SIMD2<Float>.scalarCount
        && blurDirections.allSatisfy { $0.count == dimension }, "two whole directions at most")
    self.blurDirections = blurDirections
    self.eraClock = eraClock
    self.dimension = dimension
    self.center = center
    squaredCenterLength = center.reduce(0) { $0 + $1 * $1 }
    embeddings = DenseRows(dimension: dimension, file: file)
    modelCodes = CodedMatrix(dimension: dimension)
    centerShares = DenseRows(dimension: CenterShare.numberCount, file: file)
    means = EmbeddingMatrix(dimension: dimension, file: file)
    sums = DenseRows(dimension: dimension, file: file)
    unclear = FlatIndex(dimension: dimension, file: file)
  }

  /// An embedding with what all faces share and what blur adds taken out, made unit length again.
  func centered(_ embedding: [Float]) -> ([Float], CenterShare) {
    precondition(embedding.count == dimension, "an embedding has \(dimension) numbers")
    var rest = embedding
    var along: Float = 0
    for index in center.indices {
      rest[index] -= center[index]
      along += rest[index] * center[index]
    }
    var alongBlur = SIMD2<Float>()
    for (number, direction) in blurDirections.enumerated() {
      let reach = innerProduct(rest.span, direction.span)
      alongBlur[number] = reach
      for index in rest.indices { rest[index] -= reach * direction[index] }
    }
    // An embedding with nothing left would say nothing; it keeps a length that is not zero.
    let length = max(1e-6, Clustering.length(of: rest.span))
    for index in rest.indices { rest[index] /= length }
    return (rest, CenterShare(length: length, alongCenter: along, alongBlur: alongBlur))
  }

  /// The embedding of a figure as the model gave it, but for rounding.
  func modelEmbedding(at position: Int) -> [Float] {
    let share = centerShare(at: position)
    var embedding = embeddings[position]
    for index in embedding.indices {
      embedding[index] *= share.length
      for (number, direction) in blurDirections.enumerated() {
        embedding[index] += share.alongBlur[number] * direction[index]
      }
      if !center.isEmpty { embedding[index] += center[index] }
    }
    return embedding
  }

  /// The cosine of two embeddings as the model gave them, from that of the centered ones.
  func modelSimilarity(_ similarity: Float, _ a: CenterShare, _ b: CenterShare) -> Float {
    similarity * a.length * b.length + (a.alongBlur * b.alongBlur).sum() + a.alongCenter
      + b.alongCenter + squaredCenterLength
  }

  // MARK: Figures

  /// Stores a figure without a cluster and returns its position.
  ///
  /// - Precondition: the figure is not there yet.
  mutating func insert(_ new: ClusterableFigure) -> Int {
    let (row, share) = centered(new.embedding)
    let position = figures.nextPosition
    let isNew = position == figures.indices.count
    figures.insert(
      FigureState(
        figure: new.figure, media: new.media, interval: new.interval, mayFound: new.mayFound,
        captureTime: new.captureTime))
    if isNew {
      embeddings.append(row)
      centerShares.append(share.numbers)
      modelCodes.append(new.embedding)
    } else {
      embeddings.replace(row: position, with: row)
      centerShares.replace(row: position, with: share.numbers)
      modelCodes.replace(row: position, with: new.embedding)
    }
    if new.mayFound { founderCount += 1 } else { unclear.insert(new.figure, row) }
    return position
  }

  /// Forgets a figure that is in no cluster any more, with its numbers.
  mutating func removeFigure(at position: Int) {
    guard let state = figures[position] else { return }
    precondition(state.cluster == nil, "a figure leaves its cluster before it goes")
    figures.remove(at: position)
    embeddings.erase(row: position)
    centerShares.erase(row: position)
    modelCodes.erase(row: position)
    if state.mayFound { founderCount -= 1 } else { unclear.remove(state.figure) }
  }

  func figure(at position: Int) -> FigureState {
    guard let state = figures[position] else { preconditionFailure("no figure at \(position)") }
    return state
  }

  /// What it takes to get the model's cosines of a figure back.
  func centerShare(at position: Int) -> CenterShare {
    centerShares.withRow(position) { CenterShare($0) }
  }

  /// The other figures of the same medium; of a video, those that are seen at the same time.
  func siblings(of position: Int) -> [Int] {
    let figure = figure(at: position)
    let all = figures.positions(of: figure.media)
    guard all.count > 1 else { return [] }
    guard let interval = figure.interval else { return all.filter { $0 != position } }
    return all.filter { other in
      guard other != position else { return false }
      guard let theirs = self.figure(at: other).interval else { return true }
      let together =
        min(interval.upperBound, theirs.upperBound) - max(interval.lowerBound, theirs.lowerBound)
      return together > Self.certainOverlap
    }
  }

  /// Seconds for which two figures of a video are seen at once at least, beyond the errors of their
  /// beginnings and ends.
  private static let certainOverlap = 0.3

  // MARK: Clusters

  func cluster(at place: Int) -> ClusterState {
    guard let state = clusters[place] else { preconditionFailure("no cluster at \(place)") }
    return state
  }

  func exists(_ place: Int) -> Bool { clusters[place] != nil }

  /// Makes an empty cluster and returns its place.
  mutating func makeCluster(_ id: ClusterID) -> Int {
    let state = ClusterState(id: id)
    let place: Int
    if let free = freePlaces.popLast() {
      place = free
      clusters[place] = state
    } else {
      place = clusters.count
      clusters.append(state)
      let zeros = [Float](repeating: 0, count: dimension)
      means.append(zeros)
      sums.append(zeros)
      lengthsAcrossYears.append(0)
    }
    placeOf[id] = place
    return place
  }

  /// Takes in a cluster with its figures at the next new place, the sum of which is there; `nil`
  /// leaves that free.
  mutating func appendCluster(_ state: ClusterState?) {
    let place = clusters.count
    clusters.append(state)
    lengthsAcrossYears.append(0)
    guard let state else {
      freePlaces.append(place)
      return
    }
    placeOf[state.id] = place
    let span = span(of: state.founders)
    clusters[place]?.span = span
    if span == .several { lengthsAcrossYears[place] = state.meanLength }
  }

  /// Ends an empty cluster.
  mutating func removeCluster(at place: Int) {
    let state = cluster(at: place)
    precondition(state.isEmpty, "a cluster ends when its last figure has left")
    placeOf[state.id] = nil
    clusters[place] = nil
    freePlaces.append(place)
    means.erase(row: place)
    sums.erase(row: place)
    lengthsAcrossYears[place] = 0
    eraSums[place] = nil
  }

  /// Puts a figure into a cluster, out of the one it was in; `nil` takes it out only.
  mutating func move(_ position: Int, to place: Int?) {
    let state = figure(at: position)
    guard state.cluster != place else { return }
    if let old = state.cluster { change(old, by: -1, position) }
    figures.setCluster(of: position, to: place)
    if let place { change(place, by: 1, position) }
  }

  /// Makes `founders` the founders of a cluster and computes its sum anew from them; how strongly
  /// they hold together stays as it was said to be.
  ///
  /// Whoever calls has taken them out of their old clusters' lists by giving those new founders.
  mutating func setFounders(of place: Int, to founders: [Int]) {
    let ordered = founders.sorted { figure(at: $0).figure < figure(at: $1).figure }
    var sum = [Float](repeating: 0, count: dimension)
    for position in ordered {
      figures.setCluster(of: position, to: place)
      embeddings.add(row: position, to: &sum)
    }
    clusters[place]?.founders = ordered
    let span = span(of: ordered)
    clusters[place]?.span = span
    eraSums[place] = nil
    setSum(of: place, to: sum)
  }

  mutating func setProtected(_ place: Int, _ isProtected: Bool) {
    clusters[place]?.isProtected = isProtected
  }

  mutating func setBirth(_ place: Int, _ birth: Timestamp?) {
    clusters[place]?.birth = birth
  }

  mutating func setWeakestGain(_ place: Int, _ gain: Float?) {
    clusters[place]?.weakestGain = gain
  }

  private mutating func change(_ place: Int, by direction: Float, _ position: Int) {
    let state = figure(at: position)
    let list: WritableKeyPath<ClusterState, [Int]> = state.mayFound ? \.founders : \.joiners
    guard var cluster = clusters[place] else { preconditionFailure("no cluster at \(place)") }
    clusters[place] = nil
    let at = cluster[keyPath: list].partitioningIndex { figure(at: $0).figure >= state.figure }
    if direction > 0 {
      cluster[keyPath: list].insert(position, at: at)
    } else {
      cluster[keyPath: list].remove(at: at)
    }
    if state.mayFound {
      cluster.weakestGain = nil
      if direction > 0, cluster.founders.count > 1 {
        cluster.span = cluster.span.joined(EraSpan(era(of: position)))
      } else if cluster.founders.count <= 1 {
        cluster.span = span(of: cluster.founders)
      }
      if let era = era(of: position) {
        embeddings.withRow(position) { row in
          eraSums[place]?.add(row, scaledBy: direction, count: direction, in: era)
        }
      }
    }
    clusters[place] = cluster
    guard state.mayFound else { return }
    var sum = sum(of: place)
    embeddings.add(row: position, scaledBy: direction, to: &sum)
    setSum(of: place, to: sum)
  }

  /// The sum of the embeddings of a cluster's founders.
  func sum(of place: Int) -> [Float] { sums[place] }

  private mutating func setSum(of place: Int, to sum: [Float]) {
    sums.replace(row: place, with: sum)
    let count = clusters[place]?.founders.count ?? 0
    let scale = count == 0 ? 0 : 1 / Float(count)
    let mean = sum.map { $0 * scale }
    let length = length(of: mean.span)
    clusters[place]?.meanLength = length
    means.replace(row: place, with: mean)
    lengthsAcrossYears[place] = clusters[place]?.span == .several ? length : 0
  }

  // MARK: Eras

  /// The era that a figure was photographed in, if that is known.
  func era(of position: Int) -> Int32? { figures.captureTime(at: position).map(eraClock.era) }

  /// Whether a cluster's founders were photographed in several eras.
  func spansEras(_ place: Int) -> Bool { lengthsAcrossYears[place] > 0 }

  private func span(of positions: [Int]) -> EraSpan {
    guard let first = positions.first else { return .unknown }
    var span = EraSpan(era(of: first))
    for position in positions.dropFirst() where span != .several {
      span = span.joined(EraSpan(era(of: position)))
    }
    return span
  }

  /// The eras of any figures.
  func eras(ofFiguresAt positions: [Int]) -> Eras {
    switch span(of: positions) {
    case .unknown: .unknown
    case .one(let era): .one(era)
    case .several: .several(eraSums(of: positions))
    }
  }

  /// The eras of a cluster's founders.
  func eras(of place: Int) -> Eras {
    let cluster = cluster(at: place)
    return switch cluster.span {
    case .unknown: .unknown
    case .one(let era): .one(era)
    case .several: .several(eraSums[place] ?? eraSums(of: cluster.founders))
    }
  }

  /// The pairs of a group of faces of one era and a cluster that are not many years apart.
  ///
  /// - Parameters:
  ///   - mean: of the group.
  ///   - count: of its faces.
  ///   - era: of the group.
  ///   - place: of the cluster.
  /// - Returns: how many there are and how alike they are in sum.
  func nearPairs(_ mean: Span<Float>, count: Float, of era: Int32, with place: Int) -> NearPairs {
    var pairs = NearPairs()
    for position in cluster(at: place).founders {
      guard let other = self.era(of: position) else { continue }
      pairs.add(era, other, count: count) { count * embeddings.dot(mean, row: position) }
    }
    return pairs
  }

  /// Adds up the founders of a large cluster by era, so that it need not be done again and again.
  mutating func keepEraSums(of place: Int) {
    guard spansEras(place), eraSums[place] == nil else { return }
    let founders = cluster(at: place).founders
    if founders.count >= Self.keptEraSumsCount { eraSums[place] = eraSums(of: founders) }
  }

  private func eraSums(of positions: [Int]) -> EraSums {
    var sums = EraSums(dimension: dimension)
    for position in positions {
      guard let era = era(of: position) else { continue }
      embeddings.withRow(position) { sums.add($0, scaledBy: 1, count: 1, in: era) }
    }
    return sums
  }

  /// Fewer founders are added up about as fast as their sums are looked up, and most clusters are
  /// small.
  private static let keptEraSumsCount = 16
}

extension Array {
  /// The first index whose element satisfies `isSecond`, all that do standing after all that do
  /// not.
  func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
