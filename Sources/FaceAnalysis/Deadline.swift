/// The moment after which no optional work is begun.
struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant?

  /// `limit` from now; never, if there is no limit.
  init(after limit: Duration?) {
    instant = limit.map { ContinuousClock.now.advanced(by: $0) }
  }

  var hasPassed: Bool {
    guard let instant else { return false }
    return ContinuousClock.now >= instant
  }
}
