internal import Synchronization

/// Serves lines of bytes to many clients of a Unix socket from one thread.
///
/// It knows nothing of what the lines say. A client that floods it, never reads, writes a byte at a
/// time or sends a line without end costs bounded memory and holds nobody else up: every connection
/// has its turn after 64 KiB, and ``LineServerLimits`` bounds the rest.
public final class LineServer: Sendable {
  private let door: Mutex<Door>
  private let service: any LineService
  private let limits: LineServerLimits
  private let loop: EventLoop
  private let budget: ByteBudget
  private let state = Mutex(State())

  /// Where clients come in.
  private struct Door: ~Copyable {
    /// `nil` once the server stops.
    var listener: Listener?
    var watch: EventLoop.Watch?
  }

  private struct State {
    var connections: [UInt64: LineConnection] = [:]
    var lastID: UInt64 = 0
    var isStopping = false
    /// Called once, when the last connection is closed.
    var onStopped: (@Sendable () -> Void)?
    var stopTimer: EventLoop.Timer?
  }

  /// How long accepting rests when no descriptor is free.
  private static let acceptPause = Duration.milliseconds(100)
  /// Connections accepted before other events have their turn.
  private static let acceptsAtOnce = 16

  /// Prepares a server; ``start()`` lets the first client in.
  public init(
    listener: consuming Listener, service: any LineService,
    limits: LineServerLimits = LineServerLimits(), loop: EventLoop
  ) {
    door = Mutex(Door(listener: listener))
    self.service = service
    self.limits = limits
    self.loop = loop
    budget = ByteBudget(limit: limits.totalLineBytes)
  }

  /// Starts accepting connections.
  public func start() throws(SocketError) {
    try door.withLock { door throws(SocketError) in
      guard let number = door.listener?.descriptor.rawValue, door.watch == nil else { return }
      door.watch = try loop.watch(number, for: .read) { [weak self] _ in self?.accept() }
    }
  }

  /// Connections at this moment.
  public var connectionCount: Int { state.withLock { $0.connections.count } }

  /// Bytes of lines that are held, as ``LineServerLimits/totalLineBytes`` counts them.
  public var heldLineBytes: Int { budget.used }

  /// Stops without losing an answer.
  ///
  /// Nobody new is accepted and no line is read any more; every session is told by
  /// ``LineSession/readEnded()`` and closes when its last answer is out.
  ///
  /// - Parameters:
  ///   - deadline: after that long, connections are closed whatever they still wait for.
  ///   - completion: called once on the loop's thread, when the last connection is closed.
  public func stop(within deadline: Duration, completion: @escaping @Sendable () -> Void) {
    loop.perform { [self] in
      let isFirst = state.withLock { state in
        guard !state.isStopping else { return false }
        state.isStopping = true
        state.onStopped = completion
        return true
      }
      guard isFirst else { return }
      stopAccepting()
      let connections = state.withLock { Array($0.connections.values) }
      for connection in connections { connection.endReading() }
      let timer = loop.schedule(after: deadline) { [weak self] in
        guard let self else { return }
        for connection in self.state.withLock({ Array($0.connections.values) }) {
          connection.closeNow(.stopped)
        }
      }
      state.withLock { $0.stopTimer = timer }
      completeStopIfEmpty()
    }
  }

  // MARK: On the loop's thread

  private func accept() {
    for _ in 0..<Self.acceptsAtOnce {
      switch acceptOne() {
      case .connection(let descriptor): serve(descriptor)
      case .none: return
      case .exhausted(let code): return pauseAccepting(errno: code)
      }
    }
  }

  private func acceptOne() -> Listener.Acceptance {
    door.withLock { door in
      do throws(SocketError) {
        return try door.listener?.accept() ?? .none
      } catch {
        guard case .system(_, let code, _) = error else { return .none }
        return .exhausted(errno: code)
      }
    }
  }

  /// Leaves clients waiting in the kernel's queue for a moment instead of spinning on a full table.
  private func pauseAccepting(errno: Int32) {
    service.acceptingPaused(errno: errno)
    setAccepting(false)
    loop.schedule(after: Self.acceptPause) { [weak self] in self?.setAccepting(true) }
  }

  private func setAccepting(_ isAccepting: Bool) {
    door.withLock { door in
      guard let watch = door.watch else { return }
      // Fails only if the watch is gone, and then nobody is accepted anyway.
      try? loop.setInterest(isAccepting ? .read : [], of: watch)
    }
  }

  /// Closes the listener; one that we bound is removed, so that clients learn at once.
  private func stopAccepting() {
    door.withLock { door in
      if let watch = door.watch.take() { loop.remove(watch) }
      _ = door.listener.take()
    }
  }

  private func serve(_ descriptor: consuming FileDescriptor) {
    let peer: PeerCredentials
    do {
      peer = try PeerCredentials(of: descriptor)
    } catch {
      return  // Nobody can be served whom the kernel does not vouch for.
    }
    if let refusal = refusal(for: peer) {
      return refuse(descriptor, service.lineRefusing(refusal, to: peer))
    }
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    let connection = LineConnection(
      id: id, peer: peer, descriptor: descriptor, limits: limits, loop: loop, budget: budget
    ) { [weak self] connection in
      self?.forget(connection)
    }
    state.withLock { $0.connections[id] = connection }
    connection.open(session: service.connectionOpened(connection))
  }

  private func refusal(for peer: PeerCredentials) -> ConnectionRefusal? {
    state.withLock { state in
      if state.connections.count >= limits.connections {
        return .tooManyConnections(limit: limits.connections)
      }
      let ofUser = state.connections.values.count { $0.peer.userID == peer.userID }
      if ofUser >= limits.connectionsPerUser {
        return .tooManyConnectionsOfUser(limit: limits.connectionsPerUser)
      }
      return nil
    }
  }

  /// Tells the reason and closes; a fresh socket's buffer takes a line without blocking.
  private func refuse(_ descriptor: consuming FileDescriptor, _ line: [UInt8]) {
    var queue = SendQueue()
    queue.append(line)
    _ = queue.send(to: descriptor.rawValue)
    discardUnread(from: descriptor)
  }

  private func forget(_ connection: LineConnection) {
    state.withLock { _ = $0.connections.removeValue(forKey: connection.id) }
    // After the session has been told about the close.
    loop.perform { self.completeStopIfEmpty() }
  }

  private func completeStopIfEmpty() {
    let (completion, timer) = state.withLock { state in
      guard state.isStopping, state.connections.isEmpty else {
        return (nil, nil) as ((@Sendable () -> Void)?, EventLoop.Timer?)
      }
      return (state.onStopped.take(), state.stopTimer.take())
    }
    if let timer { loop.cancel(timer) }
    completion?()
  }
}
