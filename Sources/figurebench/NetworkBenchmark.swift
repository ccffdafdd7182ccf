import FoundationEssentials
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
    let threads: Int
    let runs: Int
    let medianMilliseconds: Double
    let minimumMilliseconds: Double
    /// The time of each step, where it was asked for; the fastest of all runs.
    let steps: [Step]?
  }

  struct Step: Codable {
    let name: String
    let microseconds: Double
  }

  /// A network and the size of the image to run it on.
  struct Case: Equatable {
    var network: String
    var width: Int
    var height: Int

    static let standard = [
      Case(network: "sface", width: 112, height: 112),
      Case(network: "yunet", width: 256, height: 256),
      Case(network: "yunet", width: 640, height: 480),
      Case(network: "yunet", width: 640, height: 640),
      Case(network: "yunet", width: 1280, height: 960),
    ]
  }

  private let networks: [String: Network]

  /// Loads the bundled networks.
  ///
  /// - Parameters:
  ///   - directory: the folder of the model files.
  ///   - level: the instructions to use.
  /// - Throws: ``ModelError``.
  init(directory: String, level: ProcessorLevel = .best) throws {
    var networks: [String: Network] = [:]
    for name in ["sface", "yunet"] {
      let file = try ModelFile(
        graphPath: "\(directory)/\(name).json", weightsPath: "\(directory)/\(name).safetensors")
      networks[name] = try Network(file, level: level)
    }
    self.networks = networks
  }

  /// Times every case `runs` times, after some runs to warm up.
  static func run(
    directory: String, level: ProcessorLevel = .best, cases: [Case] = Case.standard,
    runs: Int = 50, withSteps: Bool = false
  ) throws -> [Result] {
    let benchmark = try NetworkBenchmark(directory: directory, level: level)
    return try cases.map { try benchmark.measure($0, runs: runs, withSteps: withSteps) }
  }

  private func measure(_ item: Case, runs: Int, withSteps: Bool) throws -> Result {
    var session = try Session(self, item)
    for _ in 0..<5 { _ = try session.run() }
    var times: [Double] = []
    for _ in 0..<max(1, runs) { times.append(try session.run()) }
    times.sort()
    return Result(
      network: item.network, width: item.width, height: item.height,
      level: session.network.level.rawValue, threads: 1, runs: times.count,
      medianMilliseconds: times[times.count / 2], minimumMilliseconds: times[0],
      steps: withSteps ? try session.fastestSteps(runs: runs) : nil)
  }

  /// One network at one size, ready to be timed again and again.
  struct Session: ~Copyable {
    let network: Network
    private let item: Case
    private let pixels: [UInt8]
    private var workspace = Workspace()

    init(_ benchmark: NetworkBenchmark, _ item: Case) throws {
      guard let network = benchmark.networks[item.network] else {
        throw BenchmarkError(description: "there is no network \(item.network)")
      }
      self.network = network
      self.item = item
      var generator = SystemRandomNumberGenerator()
      pixels = (0..<(3 * item.width * item.height)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
    }

    /// Runs once; milliseconds.
    mutating func run() throws -> Double {
      let pixels = pixels
      let start = ContinuousClock.now
      try workspace.run(network, pixels: pixels.span, width: item.width, height: item.height)
      return (ContinuousClock.now - start) / .milliseconds(1)
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

/// A measurement that cannot be made.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
}

extension NetworkBenchmark {
  /// Answers one line of standard input at a time: `network width height` runs once and prints the
  /// milliseconds.
  ///
  /// So a script can take turns between this runtime and others, which a busy machine asks for.
  static func answerRequests(directory: String, level: ProcessorLevel = .best) throws {
    let benchmark = try NetworkBenchmark(directory: directory, level: level)
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
      print(try session.run())
      flushOutput()
    }
  }

  /// The command `networks`: options, then JSON on standard output.
  static func main(_ arguments: [String]) throws {
    var directory = "Models"
    var (runs, withSteps, onRequest) = (50, false, false)
    var level = ProcessorLevel.best
    var cases = Case.standard
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--models": directory = rest.popFirst() ?? directory
      case "--runs": runs = rest.popFirst().flatMap(Int.init) ?? runs
      case "--level": level = rest.popFirst().flatMap(ProcessorLevel.init(rawValue:)) ?? level
      case "--network":
        let name = rest.popFirst()
        cases = cases.filter { $0.network == name }
      case "--steps": withSteps = true
      case "--on-request": onRequest = true
      default: throw BenchmarkError(description: "unknown option \(option)")
      }
    }
    if onRequest {
      try answerRequests(directory: directory, level: level)
      return
    }
    let results = try run(
      directory: directory, level: level, cases: cases, runs: runs, withSteps: withSteps)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(results), as: UTF8.self))
  }
}
