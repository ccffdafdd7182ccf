internal import EventLog
internal import FaceStore
internal import FaceTypes
internal import Glibc
internal import Synchronization
internal import Threading

/// Describes stored figures while nothing else is to do, a medium at a time.
///
/// It has a thread of its own, which only hands work to the threads of the backlog: no request waits
/// for it, and it stops at the next medium when one comes.
final class IdleAttributeFilling: Sendable {
  private struct State {
    var isRunning = false
    /// Media before it were looked at.
    var position: MediaID?
    /// How many media had come when nothing was left to do.
    var settledAt: Int?
    /// Figures that were described since something was left to do.
    var described = 0
    /// Whether what was in the way before this start is tried again.
    var hasForgottenObstacles = false
  }

  private let filling: AttributeFilling
  private let libraries: FaceLibraries
  private let log: Log
  private let state = Mutex(State())

  /// How often a run that a request interrupted looks whether it can go on.
  private static let pause: UInt32 = 100_000

  init(_ filling: AttributeFilling, libraries: FaceLibraries, log: Log) {
    self.filling = filling
    self.libraries = libraries
    self.log = log
  }

  /// What it is doing, in a sentence; `nil` if it does nothing.
  var activity: String? {
    let (isRunning, described) = state.withLock { ($0.isRunning, $0.described) }
    return isRunning ? "finding out attributes of faces, \(described) so far" : nil
  }

  /// Begins to describe what is not described, unless nothing has come since nothing was left.
  ///
  /// - Parameters:
  ///   - isIdle: whether nothing else is to do at the moment.
  ///   - isOver: whether the rest is left for another time, since a task waits or the daemon stops.
  func begin(
    whenever isIdle: @escaping @Sendable () -> Bool, until isOver: @escaping @Sendable () -> Bool
  ) {
    guard !filling.installed.attributeFingerprints.isEmpty else { return }
    let arrivals = libraries.arrivalCount
    let begins = state.withLock { state in
      guard !state.isRunning, state.settledAt != arrivals else { return false }
      state.isRunning = true
      return true
    }
    guard begins else { return }
    startThread(named: "attributes") { [self] in
      var end = AttributeFilling.End.interrupted
      while end == .interrupted, !isOver() {
        end = step(whenever: isIdle)
        if end == .interrupted { usleep(Self.pause) }
      }
      state.withLock { state in
        state.isRunning = false
        guard end == .done else { return }
        state.settledAt = arrivals
        state.described = 0
      }
    }
  }

  /// Describes as long as nothing else is to do; a failure ends it until further media come.
  private func step(whenever isIdle: @escaping @Sendable () -> Bool) -> AttributeFilling.End {
    var position = state.withLock(\.position)
    defer { state.withLock { $0.position = position } }
    do {
      if !state.withLock({ $0.hasForgottenObstacles }) {
        try filling.store.write { try $0.forgetAttributeObstacles() }
        state.withLock { $0.hasForgottenObstacles = true }
      }
      return try filling.run(from: &position, isInterrupted: { !isIdle() }) { batch in
        state.withLock { $0.described += batch.described }
      }
    } catch is ServiceStopped {
      return .interrupted
    } catch {
      log.error("attributes of faces remain unknown", ["error": "\(error)"])
      return .done
    }
  }
}
