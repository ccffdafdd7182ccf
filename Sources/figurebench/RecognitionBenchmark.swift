import Clustering
import FaceAnalysis
import FaceTypes

/// How well people enrolled by one photograph each are told from strangers.
///
/// The data set has one folder a person; of each photograph the face nearest the centre is theirs.
struct RecognitionBenchmark {
  struct Result: Codable {
    let enrolled: Int
    let strangers: Int
    let draws: [Draw]
  }

  /// One random choice of enrolled people, of their photographs and of strangers.
  struct Draw: Codable {
    /// Other photographs of enrolled people.
    let photographs: Int
    let rates: [Rate]
  }

  /// What came of the threshold of one rate.
  struct Rate: Codable {
    let requestedFalseAcceptRate: Double
    /// Over all comparisons of a stranger with an enrolled person.
    let measuredFalseAcceptRate: Double
    /// Of other photographs of enrolled people, the part that passes with their own.
    let trueAcceptRate: Double
    /// The part of those that is recognised as the right person, nobody else being nearer.
    let recognised: Double
    /// The part of strangers taken for anybody.
    let strangersAccepted: Double
  }

  let modelDirectory: String
  /// The folder with `photos/`.
  let dataset: String
  let enrolled: Int
  let strangers: Int
  let draws: Int

  /// Analyses every photograph and draws people.
  func run() throws -> Result {
    let analyzer = FaceAnalyzer(bundle: try ModelBundle(directory: modelDirectory))
    let folder = try PhotographFolder(dataset + "/photos")
    var workspace = AnalysisWorkspace()
    var people: [String: [Embedding]] = [:]
    for name in folder.names {
      let analysis = try analyzer.analyze(folder.bytes(name), workspace: &workspace)
      guard let face = analysis.centralFace else { continue }
      people[String(name.prefix { $0 != "/" }), default: []].append(face.embedding)
    }
    let names = people.keys.sorted()
    guard names.count(where: { (people[$0] ?? []).count > 1 }) >= enrolled,
      names.count >= enrolled + strangers
    else { throw BenchmarkError(description: "\(dataset) has too few people") }
    return Result(
      enrolled: enrolled, strangers: strangers,
      draws: (0..<draws).map { draw(UInt64($0), people, names) })
  }

  private func draw(
    _ seed: UInt64, _ people: [String: [Embedding]], _ names: [String]
  ) -> Draw {
    var generator = SplitMix64(state: seed)
    let chosen = Array(
      names.filter { (people[$0] ?? []).count > 1 }.shuffled(using: &generator).prefix(enrolled))
    let others = names.filter { !chosen.contains($0) }.shuffled(using: &generator)
    let unknown = others.prefix(strangers).compactMap {
      people[$0]?.randomElement(using: &generator)
    }
    var samples: [EntityGallery.Sample] = []
    var probes: [(entity: EntityID, face: Embedding)] = []
    for (number, name) in chosen.enumerated() {
      let faces = (people[name] ?? []).shuffled(using: &generator)
      let entity = EntityID(rawValue: Int64(number))
      samples += faces.prefix(1).map { .init(entity: entity, embedding: $0) }
      probes += faces.dropFirst().map { (entity, $0) }
    }
    let gallery = EntityGallery(samples)
    return Draw(
      photographs: probes.count,
      rates: [0.01, 0.001, 0.0001].map { rate in
        let threshold = FalseAcceptCalibration().similarity(falseAcceptRate: rate)
        let accepted = unknown.reduce(0) { sum, face in
          sum + samples.count { ($0.embedding.cosineSimilarity(face) ?? -1) >= threshold }
        }
        func share(_ count: Int, of total: Int) -> Double { Double(count) / Double(max(1, total)) }
        return Rate(
          requestedFalseAcceptRate: rate,
          measuredFalseAcceptRate: share(accepted, of: unknown.count * samples.count),
          trueAcceptRate: share(
            probes.count { probe in
              gallery.match(probe.face, falseAcceptRate: rate) { $0 == probe.entity } != nil
            }, of: probes.count),
          recognised: share(
            probes.count { probe in
              gallery.match(probe.face, falseAcceptRate: rate) { _ in true }?.entity
                == probe.entity
            }, of: probes.count),
          strangersAccepted: share(
            unknown.count { gallery.match($0, falseAcceptRate: rate) { _ in true } != nil },
            of: unknown.count))
      })
  }
}
