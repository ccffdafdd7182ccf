internal import Clustering
internal import Evaluation
internal import FaceTypes
internal import FoundationEssentials

/// Measures the clusterer on labelled embeddings: how good, how dependent on the order, how fast.
///
/// Reads a file of little-endian numbers: two 32-bit integers, the count of faces and their
/// dimension; then for each face its medium and its person as 64-bit integers (person −1 for a
/// face without a label), the length of its raw embedding, and its unit-length embedding, as
/// 32-bit floating point numbers.
struct ClusteringBenchmark {
  struct Result: Codable {
    let faces: Int
    let labelledFaces: Int
    let orders: [Order]
    /// Largest less smallest F over the orders.
    let spread: Double
    /// BCubed of the full clustering.
    let fullF: Double
    let fullSeconds: Double
    let restoreSeconds: Double
  }

  /// One order of arrival.
  struct Order: Codable {
    let seed: UInt64
    let precision: Double
    let recall: Double
    let f: Double
    let pairwiseF: Double
    /// BCubed F against the full clustering of the same clusterer.
    let agreement: Double
    let clusters: Int
    let waiting: Int
    /// For one face, in milliseconds, over the last tenth of the faces.
    let medianMilliseconds: Double
    let percentile99Milliseconds: Double
    let totalSeconds: Double
  }

  struct LabelledFace {
    let media: Int64
    let label: Int64
    let norm: Float
    let embedding: [Float]
  }

  let faces: [LabelledFace]
  let policy: ClusteringPolicy
  /// Faces with a shorter raw embedding may not found clusters.
  let minimumFoundingNorm: Float

  /// - Throws: if the file cannot be read or is not as long as it says.
  init(path: String, policy: ClusteringPolicy, minimumFoundingNorm: Float) throws {
    faces = try Self.read(path)
    self.policy = policy
    self.minimumFoundingNorm = minimumFoundingNorm
  }

  /// Clusters the faces one by one in random orders, and once all together.
  ///
  /// - Parameter orderCount: how many random orders; 0 keeps the order of the file.
  /// - Returns: scores and times.
  func run(orderCount: Int) -> Result {
    let dimension = faces.first?.embedding.count ?? 1
    let figures = faces.enumerated().map { index, face in
      ClusterableFigure(
        figure: FigureID(rawValue: Int64(index + 1)), media: MediaID(rawValue: face.media),
        embedding: face.embedding, norm: face.norm, quality: 1,
        mayFound: face.norm >= minimumFoundingNorm)
    }
    var full = IncrementalClusterer(
      policy: policy, dimension: dimension, nextCluster: ClusterID(rawValue: 1))
    let restoreSeconds = Self.seconds { full.restore(figures.map { ($0, nil) }) }
    let fullSeconds = Self.seconds { _ = full.recluster() }
    let fullClusters = clusters(in: full)
    var orders: [Order] = []
    for seed in 1...UInt64(max(1, orderCount)) {
      orders.append(
        measure(orderCount > 0 ? shuffled(figures, seed) : figures, seed, dimension, fullClusters))
    }
    let labelled = faces.indices.filter { faces[$0].label >= 0 }
    let scores = orders.map(\.f)
    return Result(
      faces: faces.count, labelledFaces: labelled.count, orders: orders,
      spread: (scores.max() ?? 0) - (scores.min() ?? 0),
      fullF: bCubed(
        clusters: labelled.map { fullClusters[$0] }, labels: labelled.map { faces[$0].label }
      ).f,
      fullSeconds: fullSeconds, restoreSeconds: restoreSeconds)
  }

  private func measure(
    _ figures: [ClusterableFigure], _ seed: UInt64, _ dimension: Int, _ full: [Int64]
  ) -> Order {
    var clusterer = IncrementalClusterer(
      policy: policy, dimension: dimension, nextCluster: ClusterID(rawValue: 1))
    var times: [Double] = []
    let total = Self.seconds {
      var start = 0
      while start < figures.count {
        var end = start + 1
        while end < figures.count, figures[end].media == figures[start].media { end += 1 }
        let seconds = Self.seconds { _ = clusterer.add(Array(figures[start..<end])) }
        if start > figures.count * 9 / 10 { times.append(seconds / Double(end - start)) }
        start = end
      }
    }
    times.sort()
    let found = clusters(in: clusterer)
    let labelled = faces.indices.filter { faces[$0].label >= 0 }
    let truth = labelled.map { faces[$0].label }
    let score = bCubed(clusters: labelled.map { found[$0] }, labels: truth)
    return Order(
      seed: seed, precision: score.precision, recall: score.recall, f: score.f,
      pairwiseF: pairwise(clusters: labelled.map { found[$0] }, labels: truth).f,
      agreement: bCubed(clusters: found, labels: full).f, clusters: clusterer.clusterCount,
      waiting: found.count { $0 < 0 },
      medianMilliseconds: times.isEmpty ? 0 : times[times.count / 2] * 1000,
      percentile99Milliseconds: times.isEmpty ? 0 : times[times.count * 99 / 100] * 1000,
      totalSeconds: total)
  }

  /// The cluster of each face; a number of its own below zero for one that waits.
  private func clusters(in clusterer: IncrementalClusterer) -> [Int64] {
    faces.indices.map { index in
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

  private static func seconds(_ body: () -> Void) -> Double {
    let duration = ContinuousClock().measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  private static func read(_ path: String) throws -> [LabelledFace] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var reader = ByteReader(bytes: [UInt8](bytes))
    let count = Int(Int32(truncatingIfNeeded: try reader.integer(4)))
    let dimension = Int(Int32(truncatingIfNeeded: try reader.integer(4)))
    guard count >= 0, (1...4096).contains(dimension) else { throw ByteReader.EndOfFile() }
    var faces: [LabelledFace] = []
    for _ in 0..<count {
      let media = Int64(bitPattern: try reader.integer(8))
      let label = Int64(bitPattern: try reader.integer(8))
      let norm = Float(bitPattern: UInt32(try reader.integer(4)))
      var embedding: [Float] = []
      for _ in 0..<dimension {
        embedding.append(Float(bitPattern: UInt32(try reader.integer(4))))
      }
      faces.append(LabelledFace(media: media, label: label, norm: norm, embedding: embedding))
    }
    return faces
  }
}

/// Little-endian numbers out of a run of bytes.
private struct ByteReader {
  struct EndOfFile: Error {}
  let bytes: [UInt8]
  var position = 0

  mutating func integer(_ width: Int) throws -> UInt64 {
    guard position + width <= bytes.count else { throw EndOfFile() }
    var value: UInt64 = 0
    for offset in 0..<width { value |= UInt64(bytes[position + offset]) << (8 * UInt64(offset)) }
    position += width
    return value
  }
}
