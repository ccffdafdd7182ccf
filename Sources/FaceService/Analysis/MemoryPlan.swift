internal import Configuration
internal import Systemd

/// How many images are analysed at once, and how much memory each may take.
///
/// Decided before any is taken: from the configuration, the processors that the daemon may use, and
/// what the machine or the unit leaves.
struct MemoryPlan: Sendable {
  /// Models, caches and an idle daemon, in bytes (measured: 95 MB).
  private static let fixedBytes = 128 << 20
  /// What a worker's networks and an ordinary photograph take, in bytes (measured: 60 to 90 MB).
  private static let ordinaryBytes = 96 << 20
  /// What decoding one image may take at most, in bytes: a 120-megapixel photograph fits.
  private static let largestWorkingBytes = 1 << 30

  /// Threads for the backlog.
  let workers: Int
  /// What decoding one image may take, in bytes.
  let workingBytesPerImage: Int

  init(_ configuration: DaemonConfiguration, _ resources: AvailableResources) {
    let budget =
      configuration.memory.budget == 0
      ? resources.memoryBytes : min(configuration.memory.budget, resources.memoryBytes)
    let available = max(Self.ordinaryBytes, budget - Self.fixedBytes)
    let wanted =
      configuration.analysis.workers == 0
      ? resources.processorCount : configuration.analysis.workers
    // One more works for whoever waits.
    workers = max(1, min(wanted, available / Self.ordinaryBytes - 1))
    workingBytesPerImage = min(
      Self.largestWorkingBytes, max(Self.ordinaryBytes, available / (workers + 1)))
  }
}
