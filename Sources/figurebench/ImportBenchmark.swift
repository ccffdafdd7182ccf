import Evaluation
import FaceClient
import FoundationEssentials
import WireProtocol

/// Times a real daemon that imports a folder into an empty state, and judges the people it found.
struct ImportBenchmark {
  struct Result: Codable {
    let photographs: Int
    /// Files that could not be taken.
    let refused: Int
    let faces: Int
    let waitingFaces: Int
    let workers: Int
    /// From the request to the answer that all is stored.
    let seconds: Double
    let photographsPerSecond: Double
    let processorSeconds: Double
    let processorMillisecondsPerPhotograph: Double
    let peakResidentBytes: Int
    let people: People?
  }

  /// How well clusters agree with the folders that the photographs lie in.
  struct People: Codable {
    /// Photographs with a face; only these count.
    let photographs: Int
    /// Of the faces that count, those in no cluster; each is taken as alone.
    let waiting: Int
    let precision, recall, f: Double
  }

  let settings: MeasuredDaemon.Settings
  /// The folder of the photographs.
  let folder: String
  /// Imports copies under random names, and so in a random order; `nil` the folder as it is.
  let seed: UInt64?
  /// Whether the folder that a photograph lies in says who is shown.
  let hasPeople: Bool

  /// Imports the folder once.
  func run() throws -> Result {
    let photographs = try PhotographFolder(folder)
    let temporary = try TemporaryFolder()
    let names = try seed.map {
      try Self.copies(of: photographs, in: temporary.path + "/photographs", seed: $0)
    }
    let imported = names == nil ? Self.absolute(folder) : temporary.path + "/photographs"
    let daemon = try MeasuredDaemon(settings, folder: temporary)

    let processorStart = daemon.processorTime
    let start = ContinuousClock.now
    let task = try daemon.client.call(.importMedia(paths: [imported], wait: true)).task
    let seconds = start.duration(to: .now).seconds
    let processorSeconds = (daemon.processorTime - processorStart).seconds
    guard task.status == .succeeded else {
      throw BenchmarkError(description: "the import has not succeeded: \(task.message ?? "")")
    }
    let stored = max(1, task.progress.done - task.progress.refused - task.progress.skipped)
    let status = try daemon.client.call(.status)
    return Result(
      photographs: stored, refused: task.progress.refused, faces: task.progress.faces,
      waitingFaces: status.counts.waitingFigures, workers: status.processor.workers,
      seconds: seconds, photographsPerSecond: Double(stored) / seconds,
      processorSeconds: processorSeconds,
      processorMillisecondsPerPhotograph: processorSeconds * 1000 / Double(stored),
      peakResidentBytes: daemon.peakResidentBytes,
      people: hasPeople ? try people(daemon.client, imported, names) : nil)
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// Copies photographs into a new folder.
  ///
  /// - Returns: for each random name the true one.
  private static func copies(
    of photographs: PhotographFolder, in target: String, seed: UInt64
  ) throws -> [String: String] {
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    var generator = SplitMix64(state: seed)
    var names: [String: String] = [:]
    for name in photographs.names {
      let copy = String(generator.next(), radix: 36) + "." + (name.split(separator: ".").last ?? "")
      try FileManager.default.copyItem(
        atPath: photographs.root + "/" + name, toPath: target + "/" + copy)
      names[copy] = name
    }
    return names
  }

  /// Scores the clusters of the faces nearest the photographs' centres.
  private func people(
    _ client: FaceClient, _ imported: String, _ names: [String: String]?
  ) throws -> People {
    var (clusters, labels): ([String], [String]) = ([], [])
    var waiting = 0
    var token: String?
    repeat {
      let page = try client.call(.media(withFigures: true, nextToken: token))
      for medium in page.mediaInfos {
        guard let face = medium.centralFigure,
          let url = medium.mediaBasicInfo.flatMap({ URL(string: $0.inputURL) })
        else { continue }
        let path = String(url.path(percentEncoded: false).dropFirst(imported.count + 1))
        let name = names?[path] ?? path
        labels.append(name.split(separator: "/").dropLast().joined(separator: "/"))
        clusters.append(face.figureClusterID ?? "alone \(clusters.count)")
        waiting += face.figureClusterID == nil ? 1 : 0
      }
      token = page.nextToken
    } while token != nil
    let score = bCubed(clusters: clusters, labels: labels)
    return People(
      photographs: labels.count, waiting: waiting, precision: score.precision,
      recall: score.recall, f: score.f)
  }
}

extension MediaMessage {
  /// The face whose box has its centre nearest the photograph's.
  fileprivate var centralFigure: FigureMessage? {
    let file = fileInfoList?.first?.fileBasicInfo
    let width = file?.width.flatMap { Double($0) } ?? 0
    let height = file?.height.flatMap { Double($0) } ?? 0
    func distance(_ figure: FigureMessage) -> Double {
      let box = figure.boundary
      let (x, y) = (box.left + box.width / 2 - width / 2, box.top + box.height / 2 - height / 2)
      return x * x + y * y
    }
    return figures?.min { distance($0) < distance($1) }
  }
}
