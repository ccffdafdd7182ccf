import FaceClient
import FaceStore
import FaceTypes
import Synchronization
import Threading
import WireProtocol

/// Times a daemon's searches for media by a stored face, by one client and by several at once.
struct FaceSearchBenchmark {
  struct Result: Codable {
    let faces: Int
    let startSeconds: Double
    /// Of the daemon: before the first search, and at most.
    let residentBytes: Int
    let peakResidentBytes: Int
    let cases: [Case]
  }

  /// Clients that search one time after the other.
  struct Case: Codable {
    let clients: Int
    let searches: Int
    let searchesPerSecond: Double
    let medianMilliseconds: Double
    let percentile95Milliseconds: Double
  }

  let settings: MeasuredDaemon.Settings
  let faces: Int
  /// How many clients search at once, case by case.
  let clients: [Int]
  /// How long each case lasts.
  let duration: Duration

  /// Fills a state, starts the daemon on it and searches.
  func run() throws -> Result {
    let folder = try TemporaryFolder()
    let clusters = try MadeUpLibrary(faces: faces, models: settings.models)
      .store(in: folder.statePath)
    let figures = try figures(of: clusters, in: folder.statePath)
    let daemon = try MeasuredDaemon(settings, folder: folder)
    let resident = daemon.residentBytes
    let cases = try clients.map { try measure($0, figures, daemon.socket) }
    return Result(
      faces: faces, startSeconds: daemon.startTime.seconds, residentBytes: resident,
      peakResidentBytes: daemon.peakResidentBytes, cases: cases)
  }

  /// One figure of each cluster, as the wire names it.
  private func figures(of clusters: [ClusterID], in directory: String) throws -> [String] {
    try FaceStore.open(directory: directory).read { snapshot in
      try clusters.compactMap { cluster in
        try snapshot.figureIDs(in: cluster).first.flatMap { try snapshot.figure($0)?.publicID.uuid }
      }
    }
  }

  private func measure(_ count: Int, _ figures: [String], _ socket: String) throws -> Case {
    let deadline = ContinuousClock.now + duration
    let threads = try (0..<count).map { number in
      let client = try FaceClient.connect(path: socket)
      return Background(named: "client-\(number)") {
        var generator = SplitMix64(state: UInt64(number))
        var times: [Double] = []
        while ContinuousClock.now < deadline {
          guard let figure = figures.randomElement(using: &generator) else { break }
          let start = ContinuousClock.now
          _ = try client.call(
            FaceRequest<SearchMediaByFaceResult>(
              "SearchMediaByFace", ["FigureIds": [.string(figure)], "PageSize": 10]))
          times.append(start.duration(to: .now).seconds * 1000)
        }
        return times
      }
    }
    let times = try threads.flatMap { try $0.value() }.sorted()
    guard !times.isEmpty else { throw BenchmarkError(description: "no search was made") }
    return Case(
      clients: count, searches: times.count,
      searchesPerSecond: Double(times.count) / duration.seconds,
      medianMilliseconds: times[times.count / 2],
      percentile95Milliseconds: times[min(times.count - 1, times.count * 95 / 100)])
  }
}
