internal import Dispatch
internal import Synchronization

/// The answer to a request that has been handed over and may be on its way.
///
/// The request is carried out whether or not anybody waits.
///
/// Maturity: stable.
public struct PendingAnswer<Body: Sendable>: Sendable {
  /// The connection stays open as long as somebody may wait for its answers.
  private let client: FaceClient
  private let identifier: Int64
  private let settlement: Settlement
  private let read: @Sendable (_ line: [UInt8]) throws -> Body

  init(client: FaceClient, identifier: Int64, settlement: Settlement, request: FaceRequest<Body>) {
    self.client = client
    self.identifier = identifier
    self.settlement = settlement
    self.read = request.read
  }

  /// Blocks until the answer is there.
  ///
  /// Not for tasks of Swift's concurrency, whose threads must not block: they have ``value``.
  public func wait() throws(ClientError) -> Body {
    try result(settlement.wait())
  }

  /// The answer; cancelling the waiting task cancels the request.
  public var value: Body {
    get async throws(ClientError) {
      let outcome = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          settlement.whenSettled { continuation.resume(returning: $0) }
        }
      } onCancel: {
        cancel()
      }
      return try result(outcome)
    }
  }

  /// Asks the daemon to stop, which it answers with the error `RequestCancelled`.
  ///
  /// An answer that is on its way already still arrives. What has been stored stays stored.
  public func cancel() { client.exchange.cancel(identifier) }

  private func result(_ outcome: Settlement.Outcome) throws(ClientError) -> Body {
    let line = try outcome.get()
    do {
      return try read(line)
    } catch let error as ClientError {
      throw error
    } catch {
      throw .protocolViolation("a result of another form than expected (\(error))")
    }
  }
}

/// Holds one outcome from when it is known until somebody asks; the first outcome counts.
final class Settlement: Sendable {
  /// The line of the answer.
  typealias Outcome = Result<[UInt8], ClientError>

  private enum State {
    case open(listeners: [@Sendable (Outcome) -> Void])
    case settled(Outcome)
  }

  private let state = Mutex(State.open(listeners: []))

  func settle(_ outcome: Outcome) {
    let listeners = state.withLock { state in
      guard case .open(let listeners) = state else { return [@Sendable (Outcome) -> Void]() }
      state = .settled(outcome)
      return listeners
    }
    for listener in listeners { listener(outcome) }
  }

  /// Calls `listener` once, at once if the outcome is known, else on the thread that brings it.
  func whenSettled(_ listener: @escaping @Sendable (Outcome) -> Void) {
    let known: Outcome? = state.withLock { state in
      switch state {
      case .settled(let outcome): return outcome
      case .open(let listeners):
        state = .open(listeners: listeners + [listener])
        return nil
      }
    }
    if let known { listener(known) }
  }

  func wait() -> Outcome {
    let semaphore = DispatchSemaphore(value: 0)
    whenSettled { _ in semaphore.signal() }
    semaphore.wait()
    return state.withLock { state in
      guard case .settled(let outcome) = state else {
        preconditionFailure("a listener is called once the outcome is known")
      }
      return outcome
    }
  }
}
