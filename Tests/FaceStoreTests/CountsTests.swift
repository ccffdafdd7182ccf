import FaceStore
import FaceTypes
import Testing

/// Random sequences of operations, with a model of what must be stored.
@Suite struct CountsTests {
  private struct Model {
    var types: [MediaID: MediaType] = [:]
    var media: [FigureID: MediaID] = [:]
    var cluster: [FigureID: ClusterID] = [:]
    var clusters: Set<ClusterID> = []

    func counts(of cluster: ClusterID) -> [Int] {
      let figures = self.cluster.filter { $0.value == cluster }.keys
      let media = Set(figures.compactMap { self.media[$0] })
      return [
        figures.count, media.filter { types[$0] == .image }.count,
        media.filter { types[$0] == .video }.count,
      ]
    }

    mutating func forget(_ figures: [FigureID]) {
      for figure in figures {
        media[figure] = nil
        cluster[figure] = nil
      }
    }
  }

  @Test(arguments: 1...6)
  func countsEqualTheTruthAfterAnything(seed: Int) throws {
    struct Undone: Error {}
    var generator = SplitMix(seed: UInt64(seed))
    let test = try TestStore()
    let library = try test.library()
    var model = Model()
    var faces = 0
    for step in 0..<250 {
      let before = model
      do {
        try test.store.write { transaction in
          for _ in 0..<Int.random(in: 1...4, using: &generator) {
            try Self.change(
              transaction, library, &model, &faces, "\(step)-\(faces)", &generator)
          }
          if Int.random(in: 0..<5, using: &generator) == 0 { throw Undone() }
        }
      } catch is Undone {
        model = before
      }
      guard step % 10 == 9 else { continue }
      try test.store.read { snapshot throws in
        let records = try snapshot.clusters(
          ClusterQuery(library: library), page: .first(10_000)
        ).records
        #expect(Set(records.map(\.id)) == model.clusters)
        for record in records {
          #expect(
            [record.faceCount, record.imageCount, record.videoCount]
              == model.counts(of: record.id))
        }
        let counts = try snapshot.counts(of: library)
        #expect(counts.figures == model.media.count)
        #expect(counts.waitingFigures == model.media.count - model.cluster.count)
      }
    }
    #expect(try test.isIntact())
  }

  private static func change(
    _ transaction: Transaction, _ library: LibraryID, _ model: inout Model, _ faces: inout Int,
    _ uri: String, _ generator: inout SplitMix
  ) throws {
    let clusters = model.clusters.sorted()
    let media = model.types.keys.sorted()
    switch Int.random(in: 0..<12, using: &generator) {
    case 0...2:
      let type: MediaType = Bool.random(using: &generator) ? .image : .video
      let id = try transaction.insertMedia(
        NewMedia(library: library, uri: uri, mediaType: type))
      model.types[id] = type
      let count = Int.random(in: 0...4, using: &generator)
      let figures = try transaction.insertFigures(
        (0..<count).map { .made(faces + $0) }, of: id)
      faces += count + 1
      for figure in figures { model.media[figure] = id }
    case 3:
      let id = try transaction.nextClusterID(in: library)
      try transaction.insertCluster(id, in: library)
      model.clusters.insert(id)
    case 4...7:
      let figures = model.media.keys.sorted().shuffled(using: &generator).prefix(6)
      try transaction.assign(
        figures.map { figure in
          let cluster =
            Int.random(in: 0..<4, using: &generator) == 0
            ? nil : clusters.randomElement(using: &generator)
          model.cluster[figure] = cluster
          return ClusterAssignment(figure: figure, cluster: cluster)
        })
    case 8:
      guard let from = clusters.randomElement(using: &generator),
        let to = clusters.randomElement(using: &generator)
      else { return }
      try transaction.moveFigures(from: from, to: to)
      model.cluster = model.cluster.mapValues { $0 == from ? to : $0 }
    case 9:
      guard let cluster = clusters.randomElement(using: &generator) else { return }
      try transaction.deleteCluster(cluster)
      model.clusters.remove(cluster)
      model.cluster = model.cluster.filter { $0.value != cluster }
    case 10:
      guard let id = media.randomElement(using: &generator) else { return }
      let removed = try transaction.deleteMedia([id])
      #expect(Set(removed.figures) == Set(model.media.filter { $0.value == id }.keys))
      model.types[id] = nil
      model.forget(removed.figures)
    default:
      guard let id = media.randomElement(using: &generator) else { return }
      let result = try transaction.setAnalysis(
        of: id, content: MediaContent(), figures: [.made(faces)])
      faces += 1
      model.forget(result.removed.figures)
      for figure in result.figures { model.media[figure] = id }
    }
  }
}
