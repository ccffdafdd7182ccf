import Clustering
import Evaluation
import FaceTypes
import Kernels
import VectorIndex

/// Measures the clusterer on labelled embeddings: how good, how dependent on the order, how fast.
struct ClusteringBenchmark {
  struct Result: Codable {
    let faces: Int
    let labelledFaces: Int
    /// The clustering of all faces together; `nil` where the labels stand for it.
    let full: Score?
    let fullSeconds: Double?
    let orders: [Order]
    /// Largest less smallest F over the orders; `nil` without any.
    let spread: Double?
    let additions: Additions?
  }

  /// Against the labels; a face that waits is taken as alone.
  struct Score: Codable {
    let precision, recall, f, pairwiseF: Double
    let clusters: Int
    let waiting: Int
  }

  /// One order of arrival.
  struct Order: Codable {
    let seed: UInt64
    let score: Score
    /// F before what waited to be looked at again was.
    let unsettledF: Double
    /// BCubed F against the full clustering of the same clusterer.
    let agreement: Double
    let seconds: Double
    let settlingSeconds: Double
  }

  /// Single faces added to a library that is at rest.
  struct Additions: Codable {
    let faces: Int
    let medianMilliseconds: Double
    let percentile99Milliseconds: Double
    let maximumMilliseconds: Double
    /// Faces other than the added ones that changed their cluster.
    let moved: Int
  }

  let faces: LabelledFaces
  /// Where a daemon keeps the embeddings of a large library.
  let file: RowFile?

  /// Clusters the faces all together, and as asked one by one.
  ///
  /// - Parameters:
  ///   - orderCount: in how many random orders.
  ///   - lastCount: how many faces to add to the others.
  ///   - isKnown: the others are clustered as their labels say, and only adding is measured.
  /// - Returns: scores and times.
  func run(orderCount: Int, lastCount: Int, isKnown: Bool) -> Result {
    OpenBLAS.useOneThread()
    let figures = faces.figures
    guard !isKnown else {
      return Result(
        faces: figures.count, labelledFaces: labelledCount, full: nil, fullSeconds: nil, orders: [],
        spread: nil, additions: measureAdditions(figures, lastCount, isKnown: true))
    }
    var full = clusterer()
    full.restore(figures.map { ($0, nil) })
    let fullSeconds = ContinuousClock().measure { _ = full.recluster() }.seconds
    let fullClusters = clusters(in: full)
    let orders = (0..<orderCount).map { index in
      measure(shuffled(figures, UInt64(index + 1)), UInt64(index + 1), fullClusters)
    }
    let scores = orders.map(\.score.f)
    return Result(
      faces: figures.count, labelledFaces: labelledCount,
      full: score(of: full), fullSeconds: fullSeconds, orders: orders,
      spread: scores.max().flatMap { most in scores.min().map { most - $0 } },
      additions: lastCount > 0 ? measureAdditions(figures, lastCount, isKnown: false) : nil)
  }

  private func clusterer() -> IncrementalClusterer {
    IncrementalClusterer(
      policy: ClusteringPolicy(), dimension: faces.dimension, nextCluster: ClusterID(rawValue: 1),
      file: file)
  }

  private func measure(
    _ figures: [ClusterableFigure], _ seed: UInt64, _ full: [Int64]
  ) -> Order {
    var clusterer = clusterer()
    let seconds = ContinuousClock().measure {
      for figure in figures { _ = clusterer.add([figure]) }
    }.seconds
    let unsettled = score(of: clusterer).f
    let settling = ContinuousClock().measure { while !clusterer.settle().isSettled {} }.seconds
    return Order(
      seed: seed, score: score(of: clusterer), unsettledF: unsettled,
      agreement: bCubed(clusters: clusters(in: clusterer), labels: full).f, seconds: seconds,
      settlingSeconds: settling)
  }

  private var labelledCount: Int { faces.elements.count { $0.label >= 0 } }

  private func measureAdditions(
    _ figures: [ClusterableFigure], _ count: Int, isKnown: Bool
  ) -> Additions {
    var clusterer = clusterer()
    let others = zip(figures, faces.elements).dropLast(count)
    if isKnown {
      clusterer.restore(
        others.map { ($0, $1.label < 0 ? nil : ClusterID(rawValue: $1.label + 1)) })
    } else {
      clusterer.restore(others.map { figure, _ in (figure, nil) })
      _ = clusterer.recluster()
      while !clusterer.settle().isSettled {}
    }
    var times: [Double] = []
    var moved = 0
    for figure in figures.suffix(count) {
      var changes: [ClusterChange] = []
      times.append(ContinuousClock().measure { changes = clusterer.add([figure]) }.seconds * 1000)
      moved += changes.count { change in
        switch change {
        case .joined(let other, _, _), .moved(let other, _, _, _), .waiting(let other, _, _):
          other != figure.figure
        case .founded, .merged, .dissolved: false
        }
      }
    }
    times.sort()
    return Additions(
      faces: times.count, medianMilliseconds: times[times.count / 2],
      percentile99Milliseconds: times[times.count * 99 / 100],
      maximumMilliseconds: times[times.count - 1], moved: moved)
  }

  private func score(of clusterer: IncrementalClusterer) -> Score {
    let found = clusters(in: clusterer)
    let labelled = faces.elements.indices.filter { faces.elements[$0].label >= 0 }
    let (mine, truth) = (labelled.map { found[$0] }, labelled.map { faces.elements[$0].label })
    let score = bCubed(clusters: mine, labels: truth)
    return Score(
      precision: score.precision, recall: score.recall, f: score.f,
      pairwiseF: pairwise(clusters: mine, labels: truth).f, clusters: clusterer.clusterCount,
      waiting: found.count { $0 < 0 })
  }

  /// The cluster of each face; a number of its own below zero for one that waits.
  private func clusters(in clusterer: IncrementalClusterer) -> [Int64] {
    faces.elements.indices.map { index in
      clusterer.cluster(of: FigureID(rawValue: Int64(index + 1)))?.rawValue ?? Int64(-1 - index)
    }
  }

  /// Whole photographs in random order, as an import would bring them.
  private func shuffled(_ figures: [ClusterableFigure], _ seed: UInt64) -> [ClusterableFigure] {
    var generator = SplitMix64(state: seed)
    var ofMedia: [MediaID: [ClusterableFigure]] = [:]
    for figure in figures { ofMedia[figure.media, default: []].append(figure) }
    return ofMedia.keys.sorted().shuffled(using: &generator).flatMap { ofMedia[$0] ?? [] }
  }
}
