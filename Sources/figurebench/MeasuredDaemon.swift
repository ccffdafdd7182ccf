import FaceClient
import FoundationEssentials
import Glibc

/// A built figured at work in a folder of its own.
struct MeasuredDaemon: ~Copyable {
  /// What it is started with.
  struct Settings {
    /// The path of the daemon.
    let executable: String
    /// The folder of the networks.
    let models: String
    /// Images analysed at once; 0 for one on each processor.
    let workers: Int

    /// - Throws: ``BenchmarkError`` if there is no daemon.
    init(executable: String?, models: String, workers: Int) throws {
      let path = executable ?? Self.besideThisProgram
      guard FileManager.default.isExecutableFile(atPath: path) else {
        throw BenchmarkError(description: "there is no daemon at \(path)")
      }
      self.executable = path
      self.models = models
      self.workers = workers
    }

    private static var besideThisProgram: String {
      let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return (own ?? "").split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/figured"
    }
  }

  private let process: ChildProcess
  /// From before it was started to its first answer.
  let startTime: Duration
  let client: FaceClient
  /// The path of its socket.
  let socket: String

  /// Starts a daemon on `folder` and waits for its first answer.
  ///
  /// - Throws: ``BenchmarkError`` if it ends or does not answer within a minute.
  init(_ settings: Settings, folder: borrowing TemporaryFolder) throws {
    let configuration = folder.path + "/figured.conf"
    // The peers that it is compared with do not stand back behind other work either.
    let text = "[analysis]\nworkers = \(settings.workers)\nnice-level = 0\n"
    try Data(text.utf8).write(to: URL(filePath: configuration))
    let socket = folder.path + "/socket"
    let start = ContinuousClock.now
    let process = try ChildProcess(
      [
        settings.executable, "--config", configuration, "--state", folder.statePath, "--socket",
        socket, "--models", settings.models,
      ], log: folder.path + "/log")
    client = try Self.firstClient(of: process, socket: socket, log: folder.path + "/log")
    startTime = start.duration(to: .now)
    self.process = process
    self.socket = socket
  }

  /// Waits for the daemon's first answer.
  private static func firstClient(
    of process: borrowing ChildProcess, socket: String, log: String
  ) throws -> FaceClient {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline, process.isRunning {
      if let client = try? FaceClient.connect(path: socket), (try? client.call(.status)) != nil {
        return client
      }
      usleep(2000)
    }
    let text = try? String(contentsOf: URL(filePath: log), encoding: .utf8)
    throw BenchmarkError(description: "the daemon does not answer; its log:\n\(text ?? "")")
  }

  /// The time that all of its threads have spent on processors.
  var processorTime: Duration { process.processorTime }

  /// The memory that it holds, in bytes.
  var residentBytes: Int { process.residentBytes }

  /// The most memory that it has held, in bytes.
  var peakResidentBytes: Int { process.peakResidentBytes }
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
}
