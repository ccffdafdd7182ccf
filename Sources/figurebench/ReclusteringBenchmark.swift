import FaceClient
import WireProtocol

/// Times a plan of a re-clustering with many faces stored, and what others wait for meanwhile.
struct ReclusteringBenchmark {
  struct Result: Codable {
    let faces: Int
    let clusters: Int
    /// From the request to the plan's being there.
    let planSeconds: Double
    let changes: Int
    /// A page of people, asked for again and again by another client.
    let idle, during: Waiting
    let peakResidentBytes: Int
  }

  /// How long requests took.
  struct Waiting: Codable {
    let requests: Int
    let medianMilliseconds, percentile99Milliseconds, maximumMilliseconds: Double
  }

  let settings: MeasuredDaemon.Settings
  let faces: Int

  /// Requests before the plan is begun.
  private static let idleRequests = 200

  /// Fills a state, starts the daemon on it and has it plan.
  func run() throws -> Result {
    let folder = try TemporaryFolder()
    let clusters = try MadeUpLibrary(faces: faces, models: settings.models)
      .store(in: folder.statePath).count
    let daemon = try MeasuredDaemon(settings, folder: folder)
    let other = try FaceClient.connect(path: folder.path + "/socket")
    let idle = try (0..<Self.idleRequests).map { _ in try Self.request(other) }
    let start = ContinuousClock.now
    let planning = try daemon.client.call(.planReclustering())
    var during: [Double] = []
    var task = planning.task
    while !task.status.isFinal {
      during.append(try Self.request(other))
      task = try daemon.client.call(.task(planning.taskID)).task
    }
    let seconds = start.duration(to: .now).seconds
    guard task.status == .succeeded else {
      throw BenchmarkError(description: "the plan ended as \(task.status.rawValue)")
    }
    let plan = try daemon.client.call(.plan(planning.planID))
    return Result(
      faces: faces, clusters: clusters, planSeconds: seconds,
      changes: plan.totalCount ?? plan.changes.count, idle: Self.summary(idle),
      during: Self.summary(during),
      peakResidentBytes: daemon.peakResidentBytes)
  }

  /// Milliseconds for one page of people.
  private static func request(_ client: FaceClient) throws -> Double {
    let start = ContinuousClock.now
    _ = try client.call(.figureClusters(pageSize: 20))
    return start.duration(to: .now).seconds * 1000
  }

  private static func summary(_ times: [Double]) -> Waiting {
    let sorted = times.sorted()
    return Waiting(
      requests: sorted.count, medianMilliseconds: sorted[sorted.count / 2],
      percentile99Milliseconds: sorted[sorted.count * 99 / 100],
      maximumMilliseconds: sorted[sorted.count - 1])
  }
}
