internal import Threading

/// The moment in which one model takes the place of another: no request is under way in it, so
/// that none compares faces of both.
///
/// Imports are no concern: they are tasks, as is a change of the model, and tasks run one after the
/// other. Analyses on the thread for videos outlive it, and are refused when they are to be stored.
final class ModelInUse: Sendable {
  private let gate = ReadWriteLock(prefersWriters: true)
  private let installed: InstalledModels
  private let pool: AnalysisPool
  private let faceSearches: FaceSearchTokens

  init(installed: InstalledModels, pool: AnalysisPool, faceSearches: FaceSearchTokens) {
    self.installed = installed
    self.pool = pool
    self.faceSearches = faceSearches
  }

  /// Runs a request's work, during which the model stays the same.
  func hold<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try gate.read(body)
  }

  /// Waits until no request is under way, and changes the model.
  ///
  /// - Parameters:
  ///   - model: is in use afterwards, if `body` says so.
  ///   - body: makes the change on disk and in the faces; answers whether it did.
  /// - Returns: what `body` answered.
  /// - Throws: what `body` throws; the model stays the same then.
  func replace(by model: LoadedModel, _ body: () throws -> Bool) throws -> Bool {
    try gate.write {
      guard try body() else { return false }
      installed.use(model)
      pool.use(model.analyzer)
      // They hold faces as the other model sees them.
      faceSearches.forgetAll()
      return true
    }
  }
}

/// A medium was analysed by a model that is no longer in use.
struct ModelSwitched: Error {}
