import Clustering
import FaceTypes
import Testing

@Suite struct PropertyTests {
  /// Random additions, removals, names, statements and reclusterings; after each step the state
  /// is sound and is what somebody knows who only heard the changes.
  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func whateverIsDoneTheStateStaysSound(seed: UInt64) {
    var crowd = Crowd(people: 9, picturesEach: 0, seed: seed)
    var numbers = Numbers(state: seed &* 77)
    var clusterer = Crowd.clusterer()
    var listener = Listener()
    var mediaOf: [FigureID: MediaID] = [:]
    var named: Set<ClusterID> = []
    for _ in 0..<250 {
      let known = clusterer.figures
      switch Int.random(in: 0..<12, using: &numbers) {
      case 0 where known.count > 10:
        let gone = Array(known.shuffled(using: &numbers).prefix(2))
        listener.forget(gone)
        listener.hear(clusterer.remove(gone))
      case 1 where !clusterer.clusters.isEmpty:
        guard let cluster = clusterer.clusters.randomElement(using: &numbers) else { break }
        let isNamed = Bool.random(using: &numbers)
        listener.hear(clusterer.setProtected(cluster, isNamed))
        if isNamed { named.insert(cluster) } else { named.remove(cluster) }
      case 2 where known.count > 4:
        guard let a = known.randomElement(using: &numbers),
          let b = known.randomElement(using: &numbers), a != b,
          let cluster = clusterer.clusters.randomElement(using: &numbers)
        else { break }
        let statement: Constraint =
          switch Int.random(in: 0..<4, using: &numbers) {
          case 0: .pin(a, to: cluster)
          case 1: .exclude(a, from: cluster)
          case 2: .mustLink(a, b)
          default: .cannotLink(a, b)
          }
        listener.hear(clusterer.constrain([statement]).changes)
      case 3: listener.hear(clusterer.recluster())
      default:
        let media = Int.random(in: 1...60, using: &numbers)
        let new = crowd.add(
          Int.random(in: 0..<9, using: &numbers),
          share: Float.random(in: 0.3...0.9, using: &numbers),
          media: media, mayFound: Int.random(in: 0..<4, using: &numbers) > 0,
          year: [nil, Int64.random(in: 0..<12, using: &numbers)].randomElement(using: &numbers)
            ?? nil)
        mediaOf[new.figure] = new.media
        listener.hear(clusterer.add([new]))
      }
      check(clusterer, listener, mediaOf, named)
    }
  }

  private func check(
    _ clusterer: IncrementalClusterer, _ listener: Listener, _ mediaOf: [FigureID: MediaID],
    _ named: Set<ClusterID>
  ) {
    for figure in clusterer.figures {
      #expect(listener.clusterOf[figure] == clusterer.cluster(of: figure))
    }
    #expect(named.isSubset(of: clusterer.clusters))
    let members = clusterer.clusters.flatMap { clusterer.figures(of: $0) }
    #expect(Set(members).count == members.count, "a figure is in one cluster at most")
    #expect(clusterer.soundnessFault == nil)
    let overridden = Set(
      clusterer.acceptedConstraints.flatMap { constraint -> [FigureID] in
        switch constraint {
        case .pin(let figure, _): [figure]
        case .mustLink(let a, let b): [a, b]
        case .exclude, .cannotLink: []
        }
      })
    for cluster in clusterer.clusters {
      let media = clusterer.figures(of: cluster).filter { !overridden.contains($0) }
        .compactMap { mediaOf[$0] }
      #expect(Set(media).count == media.count, "figures of one medium are different people")
    }
    for case .mustLink(let a, let b) in clusterer.acceptedConstraints {
      #expect(clusterer.cluster(of: a) == clusterer.cluster(of: b))
    }
    for case .cannotLink(let a, let b) in clusterer.acceptedConstraints {
      #expect(
        clusterer.cluster(of: a) == nil || clusterer.cluster(of: a) != clusterer.cluster(of: b))
    }
    for case .pin(let figure, let cluster) in clusterer.acceptedConstraints {
      #expect(clusterer.cluster(of: figure) == cluster)
    }
    for case .exclude(let figure, let cluster) in clusterer.acceptedConstraints {
      #expect(clusterer.cluster(of: figure) != cluster)
    }
  }
}
