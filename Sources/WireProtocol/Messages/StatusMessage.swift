/// What the daemon is and does right now.
public struct StatusMessage: Codable, Equatable, Sendable {
  public var product: String
  public var version: String
  public var protocolVersion: String
  /// Seconds since the daemon was ready.
  public var uptimeSeconds: Double
  public var model: Model
  public var counts: Counts
  public var queue: Queue
  public var memory: Memory
  public var processor: Processor
  public var storage: Storage
  /// One sentence a task, or empty when idle.
  public var activity: [String]
  /// What an admin should look at; empty when all is well.
  public var warnings: [String]

  public struct Model: Codable, Equatable, Sendable {
    public var fingerprint: String
    public var detector: String
    public var embedder: String
    public var dimension: Int
    /// What is said of faces besides whose they are: `age`, `expression`, `gender` or `mesh`.
    public var attributes: [String]

    public init(
      fingerprint: String, detector: String, embedder: String, dimension: Int,
      attributes: [String]
    ) {
      self.fingerprint = fingerprint
      self.detector = detector
      self.embedder = embedder
      self.dimension = dimension
      self.attributes = attributes
    }

    enum CodingKeys: String, CodingKey {
      case fingerprint = "Fingerprint"
      case detector = "Detector"
      case embedder = "Embedder"
      case dimension = "Dimension"
      case attributes = "Attributes"
    }
  }

  public struct Counts: Codable, Equatable, Sendable {
    public var libraries: Int
    public var media: Int
    public var figures: Int
    public var figureClusters: Int
    public var namedFigureClusters: Int
    /// Figures in no cluster yet.
    public var waitingFigures: Int

    public init(
      libraries: Int, media: Int, figures: Int, figureClusters: Int, namedFigureClusters: Int,
      waitingFigures: Int
    ) {
      self.libraries = libraries
      self.media = media
      self.figures = figures
      self.figureClusters = figureClusters
      self.namedFigureClusters = namedFigureClusters
      self.waitingFigures = waitingFigures
    }

    enum CodingKeys: String, CodingKey {
      case libraries = "Libraries"
      case media = "Media"
      case figures = "Figures"
      case figureClusters = "FigureClusters"
      case namedFigureClusters = "NamedFigureClusters"
      case waitingFigures = "WaitingFigures"
    }
  }

  public struct Queue: Codable, Equatable, Sendable {
    /// Tasks that run or wait.
    public var tasks: Int
    /// Images that wait to be analysed.
    public var images: Int
    public var connections: Int
    public var requestsInFlight: Int

    public init(tasks: Int, images: Int, connections: Int, requestsInFlight: Int) {
      self.tasks = tasks
      self.images = images
      self.connections = connections
      self.requestsInFlight = requestsInFlight
    }

    enum CodingKeys: String, CodingKey {
      case tasks = "Tasks"
      case images = "Images"
      case connections = "Connections"
      case requestsInFlight = "RequestsInFlight"
    }
  }

  public struct Memory: Codable, Equatable, Sendable {
    public var residentBytes: Int
    public var peakResidentBytes: Int
    /// The cgroup's limit, if there is one.
    public var limitBytes: Int?

    public init(residentBytes: Int, peakResidentBytes: Int, limitBytes: Int?) {
      self.residentBytes = residentBytes
      self.peakResidentBytes = peakResidentBytes
      self.limitBytes = limitBytes
    }

    enum CodingKeys: String, CodingKey {
      case residentBytes = "ResidentBytes"
      case peakResidentBytes = "PeakResidentBytes"
      case limitBytes = "LimitBytes"
    }
  }

  public struct Processor: Codable, Equatable, Sendable {
    /// The level that the kernels run at: `baseline`, `avx2` or `avx512`.
    public var level: String
    public var workers: Int
    /// The core that OpenBLAS chose its kernels for.
    public var openBLASCore: String
    /// What embeddings are computed with: `int16` or `float32`.
    public var precision: String

    public init(level: String, workers: Int, openBLASCore: String, precision: String) {
      self.level = level
      self.workers = workers
      self.openBLASCore = openBLASCore
      self.precision = precision
    }

    enum CodingKeys: String, CodingKey {
      case level = "Level"
      case workers = "Workers"
      case openBLASCore = "OpenBLASCore"
      case precision = "Precision"
    }
  }

  public struct Storage: Codable, Equatable, Sendable {
    public var stateDirectory: String
    public var databaseBytes: Int

    public init(stateDirectory: String, databaseBytes: Int) {
      self.stateDirectory = stateDirectory
      self.databaseBytes = databaseBytes
    }

    enum CodingKeys: String, CodingKey {
      case stateDirectory = "StateDirectory"
      case databaseBytes = "DatabaseBytes"
    }
  }

  public init(
    product: String, version: String, protocolVersion: String, uptimeSeconds: Double, model: Model,
    counts: Counts, queue: Queue, memory: Memory, processor: Processor, storage: Storage,
    activity: [String], warnings: [String]
  ) {
    self.product = product
    self.version = version
    self.protocolVersion = protocolVersion
    self.uptimeSeconds = uptimeSeconds
    self.model = model
    self.counts = counts
    self.queue = queue
    self.memory = memory
    self.processor = processor
    self.storage = storage
    self.activity = activity
    self.warnings = warnings
  }

  enum CodingKeys: String, CodingKey {
    case product = "Product"
    case version = "Version"
    case protocolVersion = "Protocol"
    case uptimeSeconds = "UptimeSeconds"
    case model = "Model"
    case counts = "Counts"
    case queue = "Queue"
    case memory = "Memory"
    case processor = "Processor"
    case storage = "Storage"
    case activity = "Activity"
    case warnings = "Warnings"
  }
}
