/// Everything that the administrator decides, with its defaults.
///
/// ``Setting`` names each field in the file, says what it means and what it accepts.
public struct DaemonConfiguration: Sendable, Equatable {
  public var service = Service()
  public var access = Access()
  public var limits = Limits()
  public var analysis = Analysis()
  public var attributes = Attributes()
  public var video = Video()
  public var storage = Storage()
  public var importing = Import()
  public var memory = Memory()

  /// The defaults.
  public init() {}

  /// Where the daemon finds its things.
  public struct Service: Sendable, Equatable {
    /// Not used when the service manager passes a socket.
    public var socketPath = "/run/figured/figured.sock"
    /// Permission bits of a socket that the daemon makes itself.
    public var socketMode = 0o660
    /// Owning group of a socket that the daemon makes itself; empty for the daemon's own.
    public var socketGroup = ""
    public var stateDirectory = "/var/lib/figured"
    public var modelsDirectory = "/usr/share/figured/models"
    /// Empty: beside the models, with "-previous" after their name.
    public var previousModelsDirectory = ""
    public var logLevel = LogLevel.info
    /// How long answers may take after the daemon was told to stop.
    public var stopTimeout = Duration.seconds(20)
  }

  /// The least important events that are logged.
  public enum LogLevel: String, Sendable, CaseIterable {
    case error, warning, notice, info, debug
  }

  /// Who may do what; a peer has the highest role that it is listed for.
  public struct Access: Sendable, Equatable {
    /// Everything, including deleting libraries.
    public var admins: [Principal] = [.user("root"), .daemonUser]
    /// Reading, importing, naming, merging.
    public var curators: [Principal] = []
    /// Searching and reading.
    public var readers: [Principal] = [.socketGroup]
  }

  /// What clients may use up.
  public struct Limits: Sendable, Equatable {
    public var connections = 64
    public var connectionsPerUser = 48
    public var lineBytes = 1 << 20
    public var totalLineBytes = 256 << 20
    public var sendQueueBytes = 16 << 20
    public var requestsPerConnection = 32
    public var requestThreads = 4
    public var imageBytes = 128 << 20
    public var imagePixels = 120_000_000
    public var progressiveScans = 64
    public var facesPerImage = 1_000
    public var queryTokenLifetime = Duration.seconds(600)
  }

  /// How images are analysed.
  public struct Analysis: Sendable, Equatable {
    /// Zero: one for each processor that the daemon may use.
    public var workers = 0
    public var niceLevel = 10
    public var minimumDetectionScore = 0.7
    /// Pixels.
    public var firstPassLongSide = 1_280
    public var processorLevel = ProcessorLevel.auto
    public var precision = Precision.auto
  }

  /// Which processor instructions the kernels use.
  public enum ProcessorLevel: String, Sendable, CaseIterable {
    case auto, baseline, avx2, avx512
  }

  /// What the numbers are of which embeddings are computed.
  public enum Precision: String, Sendable, CaseIterable {
    case auto, float32
  }

  /// When something is found out about faces besides whose they are.
  public enum AttributeTime: String, Sendable, CaseIterable {
    /// While nothing else is to do.
    case idle
    /// With each analysis.
    case atOnce = "at-once"
  }

  /// What is said of faces besides whose they are.
  public struct Attributes: Sendable, Equatable {
    public var age = true
    public var gender = true
    public var expression = true
    /// Head pose and mouth.
    public var mesh = true
    public var time = AttributeTime.idle
  }

  /// How videos are analysed.
  public struct Video: Sendable, Equatable {
    /// Frames a second.
    public var samplingRate = 5.0
    /// Pixels.
    public var detectionLongSide = 640
    /// Pixels.
    public var frameLongSide = 1_280
    public var mayFound = true
    public var ffmpegPath = "/usr/bin/ffmpeg"
    public var ffprobePath = "/usr/bin/ffprobe"
    public var longest = Duration.seconds(12 * 3_600)
    public var stallTimeout = Duration.seconds(60)
    /// Bytes of addresses.
    public var decoderMemory = 2 << 30
  }

  /// What is kept.
  public struct Storage: Sendable, Equatable {
    public var keepsCrops = true
    /// JPEG quality.
    public var cropQuality = 85
  }

  /// Which files may be read on a client's word.
  public struct Import: Sendable, Equatable {
    /// Empty: every file that the daemon can read.
    public var roots: [String] = []
    public var followsSymbolicLinks = false
    /// Images whose results are saved together.
    public var batchSize = 64
    /// The longest that a result waits for others to be saved with.
    public var batchInterval = Duration.seconds(2)
  }

  /// How much memory the daemon plans with.
  public struct Memory: Sendable, Equatable {
    /// Bytes; zero: what the machine and the unit's limits leave.
    public var budget = 0
  }
}
