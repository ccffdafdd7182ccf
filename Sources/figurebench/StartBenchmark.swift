import FaceClient
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

  /// Fills a state and starts the daemon on it again and again.
  func run() throws -> Result {
    let folder = try TemporaryFolder()
    let start = ContinuousClock.now
    let library = MadeUpLibrary(faces: faces, models: settings.models)
    let clusters = try library.store(in: folder.statePath)
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
      faces: faces, clusters: clusters.count, runs: runs, storingSeconds: storing.seconds,
      medianSeconds: times[runs / 2], minimumSeconds: times[0], maximumSeconds: times[runs - 1],
      medianProcessorSeconds: processorTimes[runs / 2], peakResidentBytes: peak)
  }
}
