internal import Clustering
public import Configuration
public import EventLog
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Imaging
internal import Inference
internal import Kernels
internal import Synchronization
internal import Systemd
internal import Threading
internal import UnixSocket
internal import WireProtocol

/// Everything that requests work with, put together once at the start.
///
/// The way of a photograph: ``AnalysisPool`` finds its faces, ``FaceLibraries`` clusters and
/// stores them. The way of a request: ``Session`` reads it, ``CommandTable`` checks it, a
/// ``Command`` answers it on one of the `requests` threads.
public final class Service: Sendable {
  /// The version of the product, as `figured --version` tells it.
  public static let version = "0.1.0"
  static let product = "figured"
  static let protocolVersion = "1.0"

  /// What a client must not exceed.
  struct Limits: Sendable {
    let inFlight: Int
    let lineBytes: Int
    let imageBytes: Int
    let imagePixels: Int
    let descriptors: Int
  }

  let configuration: DaemonConfiguration
  let log: Log
  let limits: Limits
  let store: FaceStore
  let people: FaceLibraries
  let pool: AnalysisPool
  let tasks: TaskRegistry
  let images: ImageSource
  let requests: WorkerPool
  let commands = CommandTable.all
  let faceSearches: FaceSearchTokens
  let enrolledPeople: EnrolledPeople
  let scrolls: MediaScrolls
  let pageTokens: PageTokens
  let installedModels: InstalledModels
  let modelInUse: ModelInUse
  let calibration: PairCalibration
  let interactiveOptions: AnalysisOptions
  let videos: VideoAnalysis
  let attributeFilling: AttributeFilling
  private let idleFilling: IdleAttributeFilling
  private let stopping = Atomic(false)
  private let access: Mutex<Access>
  private let startTime = ContinuousClock.now
  private let openRequests = Atomic(0)
  private let openConnections = Atomic(0)

  /// Reads models and state, and makes sure that both work.
  ///
  /// - Parameters:
  ///   - configuration: checked, with the paths to use.
  ///   - log: where events go.
  /// - Throws: an error whose description an admin can act on.
  public init(configuration: DaemonConfiguration, log: Log) throws {
    self.configuration = configuration
    self.log = log
    let bounds = configuration.limits
    limits = Limits(
      inFlight: bounds.requestsPerConnection, lineBytes: bounds.lineBytes,
      imageBytes: bounds.imageBytes, imagePixels: bounds.imagePixels, descriptors: 16)
    OpenBLAS.useOneThread()
    let memory = MemoryPlan(configuration, AvailableResources())
    let decoder = ImageDecoder(
      limits: DecodeLimits(
        byteLimit: bounds.imageBytes, pixelLimit: bounds.imagePixels,
        scanLimit: bounds.progressiveScans,
        workingByteLimit: memory.workingBytesPerImage))
    installedModels = try InstalledModels(
      configuration, decoder: decoder,
      level: Self.level(configuration.analysis.processorLevel), log: log)

    store = try FaceStore.open(directory: configuration.service.stateDirectory)
    try store.eraseDroppedLibraries()
    let model = try installedModels.choose(for: store)
    let policy = ClusteringPolicy()
    calibration = policy.calibration
    people = try FaceLibraries(store: store, policy: policy, model: model.model, log: log)
    pool = AnalysisPool(
      analyzer: model.analyzer, workers: memory.workers,
      nice: Int32(configuration.analysis.niceLevel))
    images = ImageSource(
      byteLimit: bounds.imageBytes, roots: configuration.importing.roots,
      followsLinks: configuration.importing.followsSymbolicLinks)
    interactiveOptions = AnalysisOptions(faceLimit: bounds.facesPerImage)
    videos = VideoAnalysis(settings: VideoSettings(configuration))
    faceSearches = FaceSearchTokens(lifetime: bounds.queryTokenLifetime)
    modelInUse = ModelInUse(installed: installedModels, pool: pool, faceSearches: faceSearches)
    attributeFilling = AttributeFilling(
      store: store, pool: pool, images: images, installed: installedModels)
    idleFilling = IdleAttributeFilling(attributeFilling, libraries: people, log: log)
    tasks = Self.makeTasks(
      configuration, store: store, people: people, pool: pool, images: images, videos: videos,
      installed: installedModels, modelInUse: modelInUse, attributeFilling: attributeFilling,
      log: log)
    requests = WorkerPool(name: "request", threads: max(2, bounds.requestThreads))
    enrolledPeople = try EnrolledPeople(store: store)
    scrolls = MediaScrolls(lifetime: bounds.queryTokenLifetime)
    pageTokens = PageTokens(key: try store.write { try $0.secret(named: "page tokens") })
    access = Mutex(Access(configuration, log: log))
  }

  private static func makeTasks(
    _ configuration: DaemonConfiguration, store: FaceStore, people: FaceLibraries,
    pool: AnalysisPool, images: ImageSource, videos: VideoAnalysis, installed: InstalledModels,
    modelInUse: ModelInUse, attributeFilling: AttributeFilling, log: Log
  ) -> TaskRegistry {
    let mediaImport = MediaImport(
      store: store, libraries: people, pool: pool, images: images,
      options: AnalysisOptions(
        thumbnails: configuration.storage.keepsCrops,
        faceLimit: configuration.limits.facesPerImage),
      videos: videos, installed: installed, batchSize: configuration.importing.batchSize,
      batchInterval: configuration.importing.batchInterval)
    let embedding = FigureEmbedding(store: store, pool: pool, images: images, videos: videos)
    let preparation = ModelPreparation(
      store: store, libraries: people, embedding: embedding, installed: installed)
    let switching = ModelSwitching(
      store: store, libraries: people, embedding: embedding, installed: installed,
      modelInUse: modelInUse)
    return TaskRegistry(
      store: store,
      bodies: [
        .mediaImport: { try mediaImport.run($0, $1) },
        .figureClustering: { try FigureClustering(libraries: people).run($0, $1) },
        .figureClusteringPlan: {
          try FigureClusteringPlan(store: store, libraries: people).run($0, $1)
        },
        .attributeFilling: { try AttributeFillingTask(filling: attributeFilling).run($1) },
        .modelPreparation: { try preparation.run($0, $1) },
        .modelSwitch: { try switching.apply($0, $1) },
        .modelSwitchUndo: { try switching.undo($0, $1) },
      ],
      onFailure: { task, error in
        log.error("task failed", ["task": task.publicID.asTask, "error": "\(error)"])
      })
  }

  /// The networks in use.
  var models: ModelBundle { installedModels.inUse.bundle }

  private static func level(_ level: DaemonConfiguration.ProcessorLevel) -> ProcessorLevel {
    switch level {
    case .auto: .best
    case .baseline: .baseline
    case .avx2: min(.avx2, .supported)
    case .avx512: min(.avx512, .supported)
    }
  }

  /// Takes up interrupted tasks; requests are answered from now on.
  func start() throws { try tasks.start() }

  /// Lets nothing new begin, and interrupts what goes on at the next start.
  func stop() {
    stopping.store(true, ordering: .releasing)
    tasks.stop()
    pool.stop()
  }

  /// Waits after ``stop()`` for what saves itself, for `limit` at most.
  func finish(within limit: Duration) { pool.finish(within: limit) }

  /// Whether the daemon is on its way down.
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// Uses new settings, as far as they can change while the daemon runs.
  public func reload(_ configuration: DaemonConfiguration) {
    access.withLock { $0 = Access(configuration, log: log) }
  }

  // MARK: Connections

  func caller(_ peer: PeerCredentials) -> Caller {
    Caller(userID: peer.userID, role: access.withLock { $0.role(of: peer) })
  }

  func hello(to caller: Caller) -> Hello {
    Hello(
      protocolVersion: Self.protocolVersion, product: Self.product, version: Self.version,
      modelFingerprint: models.fingerprint.hexadecimal,
      limits: Hello.Limits(
        line: limits.lineBytes, inFlight: limits.inFlight, imageBytes: limits.imageBytes,
        imagePixels: limits.imagePixels, descriptors: limits.descriptors),
      peer: Hello.Peer(userID: caller.userID, role: caller.role))
  }

  func connectionOpened() { openConnections.add(1, ordering: .relaxed) }

  func connectionClosed(_ reason: CloseReason, caller: Caller) {
    openConnections.subtract(1, ordering: .relaxed)
    switch reason {
    case .peerClosed, .serverClosed, .stopped: break
    case .ruleBroken, .tooSlow, .failed:
      log.info("connection ended", ["user": caller.userID, "reason": "\(reason)"])
    }
  }

  func requestOpened() { openRequests.add(1, ordering: .relaxed) }
  func requestClosed() { openRequests.subtract(1, ordering: .relaxed) }

  // MARK: Media

  /// Analyses and stores one medium that came with a request.
  func insert(
    _ bytes: [UInt8], _ facts: ContentFacts, uri: String,
    details: @escaping @Sendable (MediaDetails) throws -> MediaDetails, library: LibraryID
  ) throws -> Recorded {
    if let known = try unchanged(uri, facts, details, library) { return known }
    let analysis = try analyze(bytes, thumbnails: configuration.storage.keepsCrops)
    let arrival = Arrival(uri: uri, facts: facts, details: details, analysis: analysis)
    return try people.record([arrival], in: library)[0]
  }

  // MARK: Status

  func status() throws -> StatusMessage {
    let statistics = try store.read { try $0.statistics() }
    let memory = ResidentMemory()
    return StatusMessage(
      product: Self.product, version: Self.version, protocolVersion: Self.protocolVersion,
      uptimeSeconds: (ContinuousClock.now - startTime).seconds,
      model: StatusMessage.Model(
        fingerprint: models.fingerprint.hexadecimal, detector: "YuNet", embedder: "SFace",
        dimension: self.people.model.dimension,
        attributes: installedModels.attributeFingerprints.keys.map(\.rawValue).sorted()),
      counts: StatusMessage.Counts(
        libraries: statistics.libraries, media: statistics.media.values.reduce(0, +),
        figures: statistics.figures, figureClusters: statistics.clusters,
        namedFigureClusters: statistics.namedClusters, waitingFigures: statistics.waitingFigures),
      queue: StatusMessage.Queue(
        tasks: tasks.openCount, images: pool.backlogCount,
        connections: openConnections.load(ordering: .relaxed),
        requestsInFlight: openRequests.load(ordering: .relaxed)),
      memory: StatusMessage.Memory(
        residentBytes: memory.current, peakResidentBytes: memory.peak,
        limitBytes: AvailableResources().memoryBytes),
      processor: StatusMessage.Processor(
        level: models.embedder.level.rawValue, workers: pool.workers,
        openBLASCore: OpenBLAS.coreName, precision: models.embedder.precision.rawValue),
      storage: StatusMessage.Storage(
        stateDirectory: configuration.service.stateDirectory,
        databaseBytes: Int(statistics.databaseBytes)),
      activity: activity.map { [$0] } ?? [],
      warnings: try warnings())
  }

  private static func sentence(_ task: TaskRecord, _ progress: TaskMessage.Progress) -> String {
    var sentence = "\(task.kind) \(task.publicID.asTask): \(progress.done) of \(progress.total)"
    if let rate = progress.rate { sentence += ", \((rate * 10).rounded() / 10) a second" }
    if let seconds = progress.secondsLeft { sentence += ", \(Int(seconds.rounded())) s left" }
    return sentence
  }

  private func warnings() throws -> [String] {
    var warnings: [String] = []
    if !OpenBLAS.isWellChosen(for: models.embedder.level) {
      warnings.append(
        "OpenBLAS uses its kernels for \(OpenBLAS.coreName), which is not the best for this "
          + "processor: start with OPENBLAS_CORETYPE="
          + "\(OpenBLAS.coreType(for: models.embedder.level) ?? "Haswell").")
    }
    let foreign = try store.read { snapshot in
      try snapshot.libraries().reduce(0) {
        try $0 + snapshot.countFigures(in: $1.id, withoutFingerprint: models.fingerprint)
      }
    }
    if foreign > 0 {
      warnings.append(
        "\(foreign) faces are known to another model only and are not compared with others; "
          + "PrepareModelSwitch embeds them anew.")
    }
    if models.fingerprint != installedModels.installations[0].fingerprint {
      warnings.append(
        "The library uses the model before the installed one; PrepareModelSwitch and "
          + "ApplyModelSwitch change over.")
    }
    let missing = configuration.attributes.wanted.subtracting(
      installedModels.attributeFingerprints.keys)
    if !missing.isEmpty {
      warnings.append(
        "No network for \(missing.map(\.rawValue).sorted().joined(separator: ", ")) lies in "
          + "\(configuration.service.modelsDirectory); these attributes are left out.")
    }
    return warnings
  }

  /// What the daemon is busy with, in a sentence; `nil` if it is idle.
  var activity: String? {
    tasks.running.map { Self.sentence($0.0, $0.1) } ?? idleFilling.activity
  }

  /// Clears what erased faces and names left behind in the database file, if nothing else is to do.
  ///
  /// Reads the whole file and holds up changes meanwhile: 0.2 s for 130 MB.
  func finishErasureIfIdle() {
    ifIdle("traces of what was erased remain") { [self] in
      if try store.read({ try $0.hasTraces() }) { _ = try store.finishErasure() }
    }
  }

  /// Looks again at what changes of people left for later, if nothing else is to do; a request that
  /// comes meanwhile ends it.
  func settleIfIdle() {
    ifIdle("people are not looked at again") { [self] in
      try people.settle(within: Self.settlingBudget) { isIdle }
    }
  }

  /// Saves the faces of large libraries for the next start, if nothing else is to do.
  func saveIndexesIfIdle() {
    ifIdle("faces are not saved for the next start") { [self] in
      try people.saveIndexes { self.isStopping }
    }
  }

  /// Finds out what is wanted and not known of stored faces, whenever nothing else is to do.
  func describeIfIdle() {
    guard isIdle else { return }
    idleFilling.begin(
      whenever: { [weak self] in self?.isIdle == true },
      until: { [weak self] in self.map { $0.isStopping || $0.tasks.openCount > 0 } ?? true })
  }

  private var isIdle: Bool {
    tasks.openCount == 0 && openRequests.load(ordering: .relaxed) == 0
  }

  /// Does something on a request thread if nothing else is to do.
  ///
  /// - Parameters:
  ///   - failure: what the log says if it fails.
  ///   - body: what is to be done.
  private func ifIdle(_ failure: StaticString, _ body: @escaping @Sendable () throws -> Void) {
    guard isIdle else { return }
    requests.submit { [self] in
      do {
        try body()
      } catch {
        log.error(failure, ["error": "\(error)"])
      }
    }
  }

  /// For each look: with one every five seconds, a twentieth of one processor.
  private static let settlingBudget = Duration.milliseconds(250)

  /// Calls `whenHealthy` once a request has gone through the request threads and the store.
  func checkHealth(whenHealthy: @escaping @Sendable () -> Void) {
    requests.submit { [self] in
      do {
        _ = try store.read { try $0.library(named: defaultLibraryName) }
        whenHealthy()
      } catch {
        log.error("the store does not answer", ["error": "\(error)"])
      }
    }
  }

  // MARK: Errors

  /// What a client is told of an error.
  func wireError(_ error: any Error, method: String, requestID: String) -> WireError {
    let wire = WireError(mapping: error)
    if wire.code == .internalError {
      log.error("request failed", ["method": method, "request": requestID, "error": "\(error)"])
    }
    return wire
  }
}
