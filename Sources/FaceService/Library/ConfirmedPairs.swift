internal import Clustering
internal import FaceStore
internal import FaceTypes

/// Pairs of a library's faces of which users said whether they show one person.
///
/// Faces that users put somewhere, linked, or that are in people whom users confirmed, are known;
/// faces of two such people are of two people, unless these have one name.
struct ConfirmedPairs {
  private(set) var pairs: [LabelledPair] = []
  private(set) var faceCount = 0
  private(set) var peopleCount = 0
  /// The lengths of the raw embeddings.
  private var norms: [FigureID: Float] = [:]

  /// Pairs of each kind without which nothing is fitted.
  static let neededCount = 100
  /// Faces of one person that pairs are made of.
  private static let facesPerPerson = 48
  /// Faces of each of two people that pairs are made of, at most.
  private static let facesPerRival = 8
  /// Pairs of two people in all.
  private static let rivalPairLimit = 100_000

  /// - Throws: ``StoreError``.
  init(_ library: LibraryID, _ clusterer: IncrementalClusterer, from snapshot: Snapshot) throws {
    let statements = try snapshot.statements(in: library)
    var people: [Person] = []
    var places: [ClusterID: Int] = [:]
    func add(_ figures: [FigureID], to cluster: ClusterID) throws {
      if places[cluster] == nil {
        places[cluster] = people.count
        people.append(Person(name: try snapshot.cluster(cluster)?.name))
      }
      people[places[cluster] ?? 0].figures.formUnion(figures)
    }
    for cluster in try snapshot.curatedClusterIDs(in: library)
    where try snapshot.cluster(cluster)?.isConfirmed == true {
      try add(clusterer.figures(of: cluster), to: cluster)
    }
    for case .pin(let figure, let cluster) in statements {
      try add(clusterer.figuresLinked(with: figure), to: cluster)
    }
    for case .mustLink(let figure, _) in statements
    where !people.contains(where: { $0.figures.contains(figure) }) {
      people.append(Person(name: nil, figures: Set(clusterer.figuresLinked(with: figure))))
    }
    people = people.filter { !$0.figures.isEmpty }
    let known = people.map { person in person.figures.filter { clusterer.contains($0) }.sorted() }
    peopleCount = known.count
    faceCount = known.reduce(0) { $0 + $1.count }
    for figure in known.joined() { norms[figure] = try snapshot.embedding(of: figure)?.norm ?? 0 }
    for (index, figures) in known.enumerated() {
      let some = figures.spread(Self.facesPerPerson)
      for (position, figure) in some.enumerated() {
        for other in some[..<position] {
          self.add(figure, other, isSame: true, half: index % 2, clusterer)
        }
      }
    }
    addRivals(known, people.map(\.name), clusterer)
    for statement in statements {
      switch statement {
      case .cannotLink(let figure, let other):
        try noteNorm(of: [figure, other], snapshot)
        self.add(figure, other, isSame: false, half: nil, clusterer)
      case .exclude(let figure, let cluster):
        try noteNorm(of: [figure], snapshot)
        for other in places[cluster].map({ known[$0].spread(Self.facesPerRival) }) ?? [] {
          self.add(figure, other, isSame: false, half: nil, clusterer)
        }
      default: break
      }
    }
  }

  private struct Person {
    let name: String?
    var figures: Set<FigureID> = []
  }

  /// Pairs of two people each.
  private mutating func addRivals(
    _ known: [[FigureID]], _ names: [String?], _ clusterer: IncrementalClusterer
  ) {
    let pairsOfPeople = max(1, known.count * (known.count - 1) / 2)
    let share = Float(Self.rivalPairLimit / pairsOfPeople).squareRoot()
    let count = min(Self.facesPerRival, max(1, Int(share)))
    let some = known.map { $0.spread(count) }
    for left in some.indices {
      for right in some[..<left].indices
      where names[left] == nil || names[left] != names[right] {
        guard pairs.count < Self.rivalPairLimit * 2 else { return }
        let half = left % 2 == right % 2 ? left % 2 : nil
        for figure in some[left] {
          for other in some[right] { add(figure, other, isSame: false, half: half, clusterer) }
        }
      }
    }
  }

  private mutating func noteNorm(of figures: [FigureID], _ snapshot: Snapshot) throws {
    for figure in figures where norms[figure] == nil {
      norms[figure] = try snapshot.embedding(of: figure)?.norm ?? 0
    }
  }

  private mutating func add(
    _ figure: FigureID, _ other: FigureID, isSame: Bool, half: Int?,
    _ clusterer: IncrementalClusterer
  ) {
    guard figure != other, let similarity = clusterer.similarity(of: figure, other) else { return }
    pairs.append(
      LabelledPair(
        similarity: similarity, smallerNorm: min(norms[figure] ?? 0, norms[other] ?? 0),
        isSame: isSame, half: half))
  }

  /// Whether there are enough pairs of both kinds to fit a curve to.
  var isEnough: Bool { sameCount >= Self.neededCount && differentCount >= Self.neededCount }
  var sameCount: Int { pairs.count { $0.isSame } }
  var differentCount: Int { pairs.count { !$0.isSame } }
}

extension Array {
  /// At most `count` elements, evenly out of all.
  fileprivate func spread(_ count: Int) -> [Element] {
    guard self.count > count else { return self }
    return (0..<count).map { self[$0 * self.count / count] }
  }
}
