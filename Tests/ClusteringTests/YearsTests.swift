import Clustering
import FaceTypes
import Testing

/// People who look different from year to year.
@Suite struct YearsTests {
  private static let years: Int64 = 20
  private static let degreesPerYear = 7.0

  /// Everybody turns into a direction of their own, and is photographed twice a year.
  private struct Album {
    private(set) var figures: [ClusterableFigure] = []
    private(set) var personOf: [FigureID: Int] = [:]

    init(people count: Int, isDated: Bool = true, unclearEvery: Int = .max, seed: UInt64) {
      var numbers = Numbers(state: seed)
      for person in 0..<count {
        let start = numbers.direction(Crowd.dimension)
        let other = numbers.direction(Crowd.dimension)
        let along = zip(start, other).reduce(0) { $0 + $1.0 * $1.1 }
        let end = unit(zip(other, start).map { $0 - along * $1 })
        for picture in 0..<2 * Int(YearsTests.years) {
          let number = figures.count + 1
          let angle = Float(YearsTests.degreesPerYear * Double(picture) / 2 / 180 * .pi)
          let (cosine, sine) = (cosine(angle), cosine(angle - .pi / 2))
          let now = zip(start, end).map { cosine * $0 + sine * $1 }
          let made = face(
            number, of: now, share: 0.75, mayFound: !number.isMultiple(of: unclearEvery),
            using: &numbers)
          figures.append(isDated ? made.taken(in: Int64(picture / 2)) : made)
          personOf[made.figure] = person
        }
      }
    }

    /// By its series; the angles are a few turns at most.
    private func cosine(_ angle: Float) -> Float {
      var (term, sum) = (1.0, 1.0)
      for step in stride(from: 2.0, through: 40, by: 2) {
        term *= -Double(angle) * Double(angle) / (step * (step - 1))
        sum += term
      }
      return Float(sum)
    }
  }

  private func clustered(_ figures: [ClusterableFigure]) -> IncrementalClusterer {
    var clusterer = Crowd.clusterer()
    for figure in figures { _ = clusterer.add([figure]) }
    while !clusterer.settle().isSettled {}
    #expect(clusterer.soundnessFault == nil)
    return clusterer
  }

  private func people(of album: Album) -> Set<[FigureID]> {
    Set(
      Dictionary(grouping: album.figures.map(\.figure)) { album.personOf[$0] }.values
        .map { $0.sorted() })
  }

  @Test(arguments: [1, 2, 3])
  func facesYearsApartAreJoinedByTheYearsBetween(seed: UInt64) {
    let album = Album(people: 5, seed: seed)
    var numbers = Numbers(state: seed)
    let dated = clustered(album.figures.shuffled(using: &numbers))
    #expect(dated.partition == people(of: album))
    let undated = clustered(Album(people: 5, isDated: false, seed: seed).figures)
    #expect(undated.clusterCount > 5, "without dates nobody knows")
  }

  @Test func theFullClusteringJoinsThemTooAndKnowsNamedPeople() {
    let album = Album(people: 5, seed: 4)
    var clusterer = Crowd.clusterer()
    clusterer.restore(album.figures.map { ($0, nil) })
    _ = clusterer.recluster()
    #expect(clusterer.partition == people(of: album))

    // Somebody named the first ten years; the later ones are found by and by, and at once.
    let early = Set(
      album.figures.filter { $0.captureTime.map { $0 < .year(10) } ?? false }.map(\.figure))
    var named = Crowd.clusterer()
    named.restore(
      album.figures.map { figure in
        let person = Int64(album.personOf[figure.figure] ?? 0) + 1
        return (figure, early.contains(figure.figure) ? ClusterID(rawValue: person) : nil)
      })
    for person in 1...5 { _ = named.setProtected(ClusterID(rawValue: Int64(person)), true) }
    _ = named.recluster()
    #expect(named.partition == people(of: album))
    #expect(named.clusters == (1...5).map { ClusterID(rawValue: $0) })
    #expect(named.soundnessFault == nil)
  }

  @Test func unclearFacesFollowTheFacesOfTheirTime() {
    let album = Album(people: 4, unclearEvery: 7, seed: 5)
    let clusterer = clustered(album.figures)
    #expect(clusterer.partition == people(of: album))
  }

  @Test func strangersOfOneTimeStayApart() {
    var crowd = Crowd(people: 12, picturesEach: 0, seed: 6)
    for year in 0..<Self.years {
      for person in 0..<12 { crowd.add(person, share: 0.6, year: year) }
    }
    let clusterer = clustered(crowd.figures)
    #expect(clusterer.clusterCount == 12)
    for cluster in clusterer.clusters {
      #expect(Set(clusterer.figures(of: cluster).map { crowd.personOf[$0] }).count == 1)
    }
  }

  @Test func whatDecidedIsToldAndIsTheAverageOverTheFacesOfThatTime() throws {
    let album = Album(people: 3, seed: 7)
    let clusterer = clustered(album.figures)
    let first = album.figures[0]
    let cluster = try #require(clusterer.cluster(of: first.figure))
    let standing = try #require(
      clusterer.standing(of: first.figure, in: cluster, exemplarCount: 0))
    let near = try #require(standing.nearInTime)
    // An era is two years long, 730.5 days; the pairs of the best number of eras count.
    var best: (count: Int, average: Float, gain: Float) = (0, 0, -1)
    for eras in 1...4 {
      let end = Timestamp(milliseconds: Int64(eras) * 1461 * 43_200_000)
      let same = album.figures.dropFirst().prefix { $0.captureTime.map { $0 < end } ?? false }
      let average =
        same.reduce(0) { sum, other in
          sum + zip(first.embedding, other.embedding).reduce(0) { $0 + $1.0 * $1.1 }
        } / Float(same.count)
      let gain = average - Crowd.policy.cautionOfOnePair / Float(same.count)
      if gain > best.gain { best = (same.count, average, gain) }
    }
    #expect(near.comparedCount == best.count)
    #expect(abs(near.averageSimilarity - best.average) < 1e-4)
    #expect(standing.averageSimilarity < near.averageSimilarity)
    #expect(standing.gain == near.gain && near.gain > 0)
  }
}
