internal import FaceTypes
internal import Glibc
internal import Synchronization
internal import Threading
internal import UnixSocket
internal import WireProtocol

/// Who asks.
struct Caller: Hashable, Sendable {
  let userID: UInt32
  let role: Role
}

/// One request while it is being answered: who asked, what was sent along, and the way back.
///
/// It is answered exactly once: by whoever calls ``answer(_:)`` or ``refuse(_:)`` first. The
/// descriptors sent with the request are closed with it.
final class RequestContext: Sendable {
  let id: RequestIdentifier?
  /// Names the request in answers and in the log.
  let requestID = PublicIdentifier.random().asRequest
  let caller: Caller

  private struct State: ~Copyable {
    var descriptors: [Int32]
    var isAnswered = false
    var isCancelled = false
    var onCancel: (@Sendable () -> Void)?
    var onAbandon: (@Sendable () -> Void)?
  }
  private let state: Mutex<State>
  private let send: @Sendable ([UInt8]) -> Void
  private let onAnswering: @Sendable (RequestContext) -> Void
  private let onAnswered: @Sendable (RequestContext) -> Void

  init(
    id: RequestIdentifier?, caller: Caller, descriptors: [Int32],
    send: @escaping @Sendable ([UInt8]) -> Void,
    onAnswering: @escaping @Sendable (RequestContext) -> Void,
    onAnswered: @escaping @Sendable (RequestContext) -> Void
  ) {
    self.id = id
    self.caller = caller
    state = Mutex(State(descriptors: descriptors))
    self.send = send
    self.onAnswering = onAnswering
    self.onAnswered = onAnswered
  }

  deinit {
    state.withLock { state in
      for descriptor in state.descriptors where descriptor >= 0 { close(descriptor) }
    }
  }

  /// Takes the descriptor with `index` among those sent with the request; the taker closes it.
  func takeDescriptor(_ index: Int) -> Int32? {
    state.withLock { state in
      guard state.descriptors.indices.contains(index), state.descriptors[index] >= 0 else {
        return nil
      }
      defer { state.descriptors[index] = -1 }
      return state.descriptors[index]
    }
  }

  /// Whether the client wants the answer no longer.
  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Has `action` called once when the client cancels; at once if it has.
  func onCancel(_ action: @escaping @Sendable () -> Void) {
    let isLate = state.withLock { state in
      if !state.isCancelled { state.onCancel = action }
      return state.isCancelled
    }
    if isLate { action() }
  }

  /// The client wants the answer no longer: it gets `RequestCancelled`, unless it has it already.
  ///
  /// - Parameter pool: where the action of ``onCancel(_:)`` runs before that, since it may block.
  func cancel(cleaningUpOn pool: WorkerPool) {
    let action = state.withLock { state in
      state.isCancelled = true
      return state.onCancel.take()
    }
    let error = WireError(.cancelled, "The request was cancelled.")
    guard let action else { return refuse(error) }
    pool.submit { [self] in
      action()
      refuse(error)
    }
  }

  /// The connection is gone: nobody hears an answer, but what runs on may end its wait.
  func abandon() {
    let action = state.withLock { state in
      state.isCancelled = true
      return state.onAbandon.take()
    }
    action?()
    finish { nil }
  }

  /// Has `action` called once if the connection goes away, at once if it has; it must not block.
  func onAbandon(_ action: @escaping @Sendable () -> Void) {
    let isLate = state.withLock { state in
      if !state.isCancelled { state.onAbandon = action }
      return state.isCancelled
    }
    if isLate { action() }
  }

  func answer(_ reply: Reply) {
    guard let id else { return finish { nil } }
    finish {
      do {
        return try reply.encode(id, requestID)
      } catch {
        return try? LineCodec.content(
          OutgoingError(
            id: id, error: WireError(.internalError, "The answer could not be written: \(error).")))
      }
    }
  }

  func refuse(_ error: WireError) {
    guard let id else { return finish { nil } }
    finish { try? LineCodec.content(OutgoingError(id: id, error: error.answering(requestID))) }
  }

  /// Tells how far the task that the request waits for has come.
  func report(_ progress: TaskProgress, of taskID: String) {
    let isAnswered = state.withLock { $0.isAnswered }
    guard let id, !isAnswered else { return }
    let notification = OutgoingNotification(
      method: ProgressNotification.method,
      params: ProgressNotification(id: id, taskID: taskID, progress: progress))
    if let line = try? LineCodec.content(notification) { send(line) }
  }

  private func finish(_ line: () -> [UInt8]?) {
    let isFirst = state.withLock { state in
      defer { state.isAnswered = true }
      return !state.isAnswered
    }
    guard isFirst else { return }
    let answer = line()
    // A client that has its answer may send the next request at once, and it must then count.
    onAnswering(self)
    if let answer { send(answer) }
    onAnswered(self)
  }
}

/// What a command answers.
struct Reply: Sendable {
  fileprivate let encode: @Sendable (RequestIdentifier, String) throws -> [UInt8]

  /// An answer with `body`'s members; with `Success` and `Code` where the reference has them.
  init<Body: Codable & Sendable>(_ body: Body, withSuccess: Bool = false) {
    encode = { id, requestID in
      let answer = Answer(requestID: requestID, body: body, withSuccess: withSuccess)
      return try LineCodec.content(OutgoingResponse(id: id, result: answer))
    }
  }
}
