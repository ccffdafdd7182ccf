import FaceAnalysis
import FaceClient
import FaceStore
import FaceTypes
import Inference
import WireProtocol

/// Times how long a daemon takes from its start to its first answer, with many faces stored.
struct StartBenchmark {
  struct Result: Codable {
    let faces: Int
    let clusters: Int
    let runs: Int
    /// How long it took to store the faces.
    let storingSeconds: Double
    let medianSeconds: Double
    let minimumSeconds: Double
    let maximumSeconds: Double
    let medianProcessorSeconds: Double
    let peakResidentBytes: Int
  }

  let settings: MeasuredDaemon.Settings
  let faces: Int
  let runs: Int

  /// Faces of one made-up person, each in a photograph of their own.
  private static let facesPerPerson = 20
  /// People whose faces one transaction stores.
  private static let batch = 100

  /// Fills a state and starts the daemon on it again and again.
  func run() throws -> Result {
    let folder = try TemporaryFolder()
    let start = ContinuousClock.now
    let clusters = try fill(folder.statePath)
    let storing = start.duration(to: .now)
    var (times, processorTimes): ([Double], [Double]) = ([], [])
    var peak = 0
    for _ in 0..<runs {
      let daemon = try MeasuredDaemon(settings, folder: folder)
      times.append(daemon.startTime.seconds)
      processorTimes.append(daemon.processorTime.seconds)
      peak = max(peak, daemon.peakResidentBytes)
      let found = try daemon.client.call(.status).counts.figures
      guard found == faces else {
        throw BenchmarkError(description: "the daemon knows \(found) of \(faces) faces")
      }
    }
    times.sort()
    processorTimes.sort()
    return Result(
      faces: faces, clusters: clusters, runs: runs, storingSeconds: storing.seconds,
      medianSeconds: times[runs / 2], minimumSeconds: times[0], maximumSeconds: times[runs - 1],
      medianProcessorSeconds: processorTimes[runs / 2], peakResidentBytes: peak)
  }

  /// Stores made-up faces with their clusters.
  ///
  /// - Returns: how many clusters there are.
  private func fill(_ directory: String) throws -> Int {
    let models = try ModelBundle(directory: settings.models)
    var people = MadeUpPeople(
      dimension: models.embedder.outputs[0].channels, fingerprint: models.fingerprint)
    let store = try FaceStore.open(directory: directory)
    let library = try store.write { try $0.createLibrary(named: LibraryName.standard).id }
    let personCount = (faces + Self.facesPerPerson - 1) / Self.facesPerPerson
    for first in stride(from: 0, to: personCount, by: Self.batch) {
      try store.write { transaction in
        for person in first..<min(first + Self.batch, personCount) {
          let count = min(Self.facesPerPerson, faces - person * Self.facesPerPerson)
          let cluster = try transaction.nextClusterID(in: library)
          try transaction.insertCluster(cluster, in: library)
          for (index, face) in people.faces(count).enumerated() {
            let media = try transaction.insertMedia(
              NewMedia(
                library: library, uri: "file:///\(person)/\(index).jpg", mediaType: .image,
                status: .ready))
            let figures = try transaction.insertFigures([NewFigure(face: face)], of: media)
            try transaction.assign(
              figures.map { ClusterAssignment(figure: $0, cluster: cluster, confidence: 1) })
          }
        }
      }
    }
    return personCount
  }
}
