import Clustering
import FaceTypes
import Testing

/// Made-up people with several pictures each, in a space that needs no centering.
struct Crowd {
  var numbers: Numbers
  let people: [[Float]]
  private(set) var figures: [ClusterableFigure] = []
  private(set) var personOf: [FigureID: Int] = [:]

  static let dimension = 128

  static var policy: ClusteringPolicy {
    var policy = ClusteringPolicy()
    policy.center = []
    policy.blurDirections = []
    return policy
  }

  init(people count: Int, picturesEach: Int, share: Float = 0.65, seed: UInt64) {
    numbers = Numbers(state: seed)
    var people: [[Float]] = []
    for _ in 0..<count { people.append(numbers.direction(Self.dimension)) }
    self.people = people
    for picture in 0..<picturesEach {
      for person in 0..<count { add(person, share: share, media: picture * count + person + 1) }
    }
  }

  @discardableResult
  mutating func add(
    _ person: Int, share: Float = 0.65, media: Int? = nil, mayFound: Bool = true,
    year: Int64? = nil
  ) -> ClusterableFigure {
    var made = face(
      figures.count + 1, of: people[person], share: share, media: media, mayFound: mayFound,
      using: &numbers)
    if let year { made = made.taken(in: year) }
    figures.append(made)
    personOf[made.figure] = person
    return made
  }

  static func clusterer() -> IncrementalClusterer {
    IncrementalClusterer(
      policy: policy, dimension: dimension, nextCluster: ClusterID(rawValue: 1))
  }
}

extension ClusterableFigure {
  /// The same face, photographed so many years of 365 days after 1970.
  func taken(in year: Int64) -> ClusterableFigure {
    ClusterableFigure(
      figure: figure, media: media, embedding: embedding, mayFound: mayFound,
      captureTime: .year(year))
  }
}

extension Timestamp {
  /// So many years of 365 days after 1970.
  static func year(_ year: Int64) -> Timestamp { Timestamp(milliseconds: year * 31_536_000_000) }
}

extension IncrementalClusterer {
  /// The groups of figures, waiting ones alone, whatever the clusters' names.
  var partition: Set<[FigureID]> {
    Set(
      clusters.map { figures(of: $0) }.filter { !$0.isEmpty }
        + figures.filter { cluster(of: $0) == nil }.map { [$0] })
  }
}

/// Who is where, as somebody knows it who only ever heard the changes.
struct Listener {
  private(set) var clusterOf: [FigureID: ClusterID] = [:]
  private(set) var clusters: Set<ClusterID> = []
  private(set) var everUsed: Set<ClusterID> = []

  mutating func hear(_ changes: [ClusterChange]) {
    for change in changes {
      switch change {
      case .founded(let cluster, let figures):
        #expect(everUsed.insert(cluster).inserted, "identifiers are used once")
        clusters.insert(cluster)
        for figure in figures {
          #expect(clusterOf[figure] == nil)
          clusterOf[figure] = cluster
        }
      case .joined(let figure, let cluster, _):
        #expect(clusterOf[figure] == nil && clusters.contains(cluster))
        clusterOf[figure] = cluster
      case .moved(let figure, let from, let to, _):
        #expect(clusterOf[figure] == from && clusters.contains(to))
        clusterOf[figure] = to
      case .waiting(let figure, let from, _):
        #expect(clusterOf[figure] == from)
        clusterOf[figure] = nil
      case .merged(let cluster, let target):
        #expect(clusters.contains(target) && clusters.remove(cluster) != nil)
        for (figure, at) in clusterOf where at == cluster { clusterOf[figure] = target }
      case .dissolved(let cluster):
        #expect(clusters.remove(cluster) != nil)
        #expect(!clusterOf.values.contains(cluster))
      }
    }
  }

  mutating func forget(_ figures: [FigureID]) {
    for figure in figures { clusterOf[figure] = nil }
  }
}
