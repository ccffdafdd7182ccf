import FaceAnalysis
import FaceTypes
import FoundationEssentials
import Glibc
import Inference
import Kernels

/// Times the bundled networks alone, one thread, on an image of noise.
///
/// The content of an image does not change how long a network takes.
struct NetworkBenchmark {
  /// One network at one size.
  struct Result: Codable {
    let network: String
    let width: Int
    let height: Int
    let level: String
    let precision: String
    let threads: Int
    let runs: Int
    let medianMilliseconds: Double
    let minimumMilliseconds: Double
    /// Time on a core, without the waiting of a busy machine.
    let medianProcessorMilliseconds: Double
    /// The time of each step, where it was asked for; the fastest of all runs.
    let steps: [Step]?
  }

  struct Step: Codable {
    let name: String
    let microseconds: Double
  }

  /// Which networks to measure, and how they run.
  struct Source {
    /// The folder of the model files.
    let directory: String
    let level: ProcessorLevel
    /// Of the embedder; the detector is in single precision.
    let precision: Precision
  }

  /// A network and the size of the image to run it on.
  struct Case: Equatable {
    var network: String
    var width: Int
    var height: Int

    static let standard = [
      Case(network: "sface", width: 112, height: 112),
      Case(network: "age", width: 64, height: 64),
      Case(network: "gender", width: 32, height: 32),
      Case(network: "expression", width: 64, height: 64),
      Case(network: "mesh", width: 256, height: 256),
      Case(network: "yunet", width: 256, height: 256),
      Case(network: "yunet", width: 640, height: 480),
      Case(network: "yunet", width: 640, height: 640),
      Case(network: "yunet", width: 1280, height: 960),
    ]
  }

  private let networks: [String: Network]

  /// Loads the networks.
  ///
  /// - Throws: ``ModelBundleError``.
  init(_ source: Source) throws {
    let bundle = try ModelBundle(
      ModelFiles(directory: source.directory), level: source.level, precision: source.precision,
      attributes: AttributeNetworks(
        directory: source.directory, wanted: Set(AttributeKind.allCases), level: source.level))
    var networks = ["sface": bundle.embedder, "yunet": bundle.detector]
    for (kind, network) in bundle.attributes.networks { networks[kind.rawValue] = network }
    self.networks = networks
  }

  /// The network that a case is about.
  func network(of item: Case) throws -> Network {
    guard let network = networks[item.network] else {
      throw BenchmarkError(description: "there is no network \(item.network)")
    }
    return network
  }

  /// Times every case `runs` times, after some runs to warm up.
  static func run(
    _ source: Source, cases: [Case], runs: Int, withSteps: Bool
  ) throws -> [Result] {
    let benchmark = try NetworkBenchmark(source)
    return try cases.map { try benchmark.measure($0, runs: runs, withSteps: withSteps) }
  }

  private func measure(_ item: Case, runs: Int, withSteps: Bool) throws -> Result {
    var session = try Session(self, item)
    for _ in 0..<5 { _ = try session.run() }
    var (times, processorTimes): ([Double], [Double]) = ([], [])
    for _ in 0..<max(1, runs) {
      let (wall, processor) = try session.run()
      times.append(wall)
      processorTimes.append(processor)
    }
    times.sort()
    processorTimes.sort()
    return Result(
      network: item.network, width: item.width, height: item.height,
      level: session.network.level.rawValue,
      precision: session.network.precision.rawValue, threads: 1, runs: times.count,
      medianMilliseconds: times[times.count / 2], minimumMilliseconds: times[0],
      medianProcessorMilliseconds: processorTimes[times.count / 2],
      steps: withSteps ? try session.fastestSteps(runs: runs) : nil)
  }

  /// One network at one size, ready to be timed again and again.
  struct Session: ~Copyable {
    let network: Network
    private let item: Case
    private let pixels: [UInt8]
    private var workspace = Workspace()

    init(_ benchmark: NetworkBenchmark, _ item: Case) throws {
      network = try benchmark.network(of: item)
      self.item = item
      var generator = SystemRandomNumberGenerator()
      pixels = (0..<(3 * item.width * item.height)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
    }

    /// Runs once; milliseconds by the clock, and of the processor's time.
    ///
    /// On a busy machine the second says more: waiting for a turn does not count.
    mutating func run() throws -> (wall: Double, processor: Double) {
      let pixels = pixels
      let start = (ContinuousClock.now, threadTime())
      try workspace.run(network, pixels: pixels.span, width: item.width, height: item.height)
      return ((ContinuousClock.now - start.0) / .milliseconds(1), threadTime() - start.1)
    }

    /// The shortest time of each step.
    mutating func fastestSteps(runs: Int) throws -> [Step] {
      let pixels = pixels
      var fastest: [Step] = []
      for _ in 0..<max(1, runs) {
        let steps = try workspace.timeSteps(
          network, pixels: pixels.span, width: item.width, height: item.height
        ).map { Step(name: $0.name, microseconds: $0.duration / .microseconds(1)) }
        fastest =
          fastest.isEmpty
          ? steps : zip(fastest, steps).map { $0.microseconds < $1.microseconds ? $0 : $1 }
      }
      return fastest
    }
  }
}

/// The time that this thread has spent on a core, in milliseconds.
func threadTime() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
}

/// A measurement that cannot be made.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
}

extension NetworkBenchmark {
  /// Answers one line of standard input at a time: `network width height` runs once and prints the
  /// milliseconds by the clock and of the processor's time.
  ///
  /// So a script can take turns between this runtime and others, which a busy machine asks for.
  static func answerRequests(_ source: Source) throws {
    let benchmark = try NetworkBenchmark(source)
    var current: Case?
    var session = try Session(benchmark, Case.standard[0])
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 3, let width = Int(words[1]), let height = Int(words[2]) else {
        throw BenchmarkError(description: "not a request: \(line)")
      }
      let item = Case(network: String(words[0]), width: width, height: height)
      if item != current {
        session = try Session(benchmark, item)
        for _ in 0..<2 { _ = try session.run() }
        current = item
      }
      let (wall, processor) = try session.run()
      print(wall, processor)
      flushOutput()
    }
  }

  /// Runs a network on crops in a file of bytes, one after the other, and writes all of its outputs
  /// as floats to standard output: how a script compares results with those of other runtimes.
  static func writeOutputs(_ source: Source, item: Case, path: String) throws {
    let benchmark = try NetworkBenchmark(source)
    let network = try benchmark.network(of: item)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let size = 3 * item.width * item.height
    var workspace = Workspace()
    for start in stride(from: 0, to: bytes.count / size * size, by: size) {
      let image = Array(bytes[start..<(start + size)])
      try workspace.run(network, pixels: image.span, width: item.width, height: item.height)
      for output in network.outputs {
        let values = try workspace.output(output.name).values
        unsafe values.withUnsafeBytes { values in
          var written = 0
          while written < values.count, let first = values.baseAddress {
            let count = unsafe write(1, first + written, values.count - written)
            if count <= 0 { return }
            written += count
          }
        }
      }
    }
  }
}
