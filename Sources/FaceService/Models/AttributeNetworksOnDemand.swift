internal import FaceAnalysis
internal import FaceTypes
internal import Kernels
internal import Synchronization

/// The networks of attributes: loaded when they are first asked for, and let go of when they have not
/// been for a while.
final class AttributeNetworksOnDemand: Sendable {
  private let directory: String
  private let wanted: Set<AttributeKind>
  private let level: ProcessorLevel
  private let state = Mutex(State())

  private struct State {
    var networks: AttributeNetworks?
    var lastAsked = ContinuousClock.now
    /// Analyses under way that hold the networks.
    var borrowers = 0
  }

  /// A request seldom comes alone; 30 s are enough for the next one of somebody who looks at answers.
  private static let patience = Duration.seconds(30)

  /// Loads nothing yet.
  ///
  /// - Parameters:
  ///   - directory: that has the manifest.
  ///   - wanted: the networks to load, as far as the manifest names them.
  ///   - level: the best instructions that they may use.
  init(directory: String, wanted: Set<AttributeKind>, level: ProcessorLevel) {
    self.directory = directory
    self.wanted = wanted
    self.level = level
  }

  /// - Throws: ``ModelBundleError`` if one of them cannot be used.
  func networks() throws(ModelBundleError) -> AttributeNetworks {
    // Whoever comes meanwhile waits rather than loading a second copy.
    try state.withLock { state throws(ModelBundleError) in
      state.lastAsked = .now
      if let networks = state.networks { return networks }
      let networks = try AttributeNetworks(directory: directory, wanted: wanted, level: level)
      state.networks = networks
      return networks
    }
  }

  /// Lends the networks to an analysis that may take long, so that no second copy is loaded meanwhile.
  ///
  /// - Parameter body: The analysis.
  /// - Returns: what `body` returns.
  /// - Throws: ``ModelBundleError``, and what `body` throws.
  func lend<Result>(_ body: (AttributeNetworks) throws -> Result) throws -> Result {
    let networks = try networks()
    state.withLock { $0.borrowers += 1 }
    defer {
      state.withLock { state in
        state.borrowers -= 1
        state.lastAsked = .now
      }
    }
    return try body(networks)
  }

  /// Lets go of the networks if nobody has asked for them lately; never waits.
  func forgetIfUnused() {
    let isForgotten = state.withLockIfAvailable { state in
      guard state.networks != nil, state.borrowers == 0, .now - state.lastAsked > Self.patience
      else { return false }
      state.networks = nil
      return true
    }
    if isForgotten == true { ResidentMemory.giveBackFreed() }
  }
}
