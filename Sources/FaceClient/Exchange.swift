internal import Dispatch
internal import Synchronization
internal import UnixSocket
internal import WireProtocol

/// The requests of one connection on their way and the answers that come back.
///
/// One thread reads and one sends, so that no caller ever blocks on the socket: a daemon that does
/// not read for a while must not stop one that wants to read from it. A request beyond the daemon's
/// limits is held back until others have been answered.
final class Exchange: Sendable {
  private let connection: LineClient
  private let limits: Hello.Limits
  private let sender = DispatchQueue(label: "figured client sends")
  private let state = Mutex(State())

  private struct State {
    var lastIdentifier: Int64 = 0
    var unanswered: [Int64: Unanswered] = [:]
    var held = Fifo<Outgoing>()
    var sentRequests = 0
    var sentFiles = 0
    var end: ClientError?
  }

  private struct Unanswered {
    let method: String
    let settlement: Settlement
    let progress: (@Sendable (ProgressNotification) -> Void)?
    let fileCount: Int
    var isSent = false
  }

  private struct Outgoing {
    let identifier: Int64
    let line: [UInt8]
    let files: [OpenFile]
  }

  init(_ connection: LineClient, limits: Hello.Limits) {
    self.limits = limits
    self.connection = connection
    // Holds the exchange until the connection ends, which `end` brings about.
    DispatchQueue(label: "figured client receives").async { self.receive() }
  }

  // MARK: Sending

  /// Takes a request on; its settlement is settled when the answer comes or cannot come any more.
  ///
  /// - Returns: the request's number on this connection.
  func submit(
    _ request: FaceRequest<some Sendable>, settlement: Settlement,
    progress: (@Sendable (ProgressNotification) -> Void)?
  ) throws(ClientError) -> Int64 {
    let identifier = state.withLock { state in
      state.lastIdentifier += 1
      return state.lastIdentifier
    }
    let outgoing = Outgoing(
      identifier: identifier, line: try line(of: request, identifier: identifier),
      files: request.files)
    try state.withLock { state throws(ClientError) in
      if let end = state.end { throw end }
      state.unanswered[identifier] = Unanswered(
        method: request.method, settlement: settlement, progress: progress,
        fileCount: request.files.count)
      state.held.append(outgoing)
      sendHeld(&state)
    }
    if let timeout = request.timeout {
      DispatchQueue.global().asyncAfter(deadline: .now() + timeout.dispatchInterval) {
        [weak self] in
        self?.expire(identifier, limit: timeout)
      }
    }
    return identifier
  }

  private func line(
    of request: FaceRequest<some Sendable>, identifier: Int64
  ) throws(ClientError) -> [UInt8] {
    let line: [UInt8]
    do {
      line = try Self.line(
        OutgoingRequest(
          id: .integer(identifier), method: request.method, params: request.parameters))
    } catch {
      throw .refused(WireError(.invalidParameter, "The parameters cannot be written as JSON."))
    }
    // The daemon would refuse these as well, but could not say to which request that belongs.
    guard line.count <= limits.line else {
      throw .refused(
        WireError(
          .lineTooLong,
          "The request has \(line.count) bytes, but the daemon takes \(limits.line) in a line.",
          hint: "Send a large image as a descriptor."))
    }
    let fileLimit = min(limits.descriptors, descriptorsPerMessageLimit)
    guard request.files.count <= fileLimit else {
      throw .refused(
        WireError(
          .tooManyRequests,
          "The request has \(request.files.count) files, but the daemon takes \(fileLimit)."))
    }
    return line
  }

  /// Sends what the daemon's limits leave room for, oldest first.
  private func sendHeld(_ state: inout State) {
    while let next = state.held.first {
      // Cancelled or expired before it was sent.
      guard var unanswered = state.unanswered[next.identifier] else {
        state.held.removeFirst()
        continue
      }
      guard state.sentRequests < max(1, limits.inFlight),
        state.sentFiles + next.files.count <= limits.descriptors
      else { return }
      state.held.removeFirst()
      state.sentRequests += 1
      state.sentFiles += next.files.count
      unanswered.isSent = true
      state.unanswered[next.identifier] = unanswered
      send(next.line, files: next.files)
    }
  }

  private func send(_ line: [UInt8], files: [OpenFile] = []) {
    sender.async { [connection] in
      do {
        var descriptors = DescriptorQueue()
        for file in files { descriptors.append(try file.descriptor.duplicate()) }
        try connection.send(line, passing: descriptors)
      } catch SocketError.closed {
        // The thread that reads notices as well, after the daemon's last words.
      } catch {
        self.end(.connectionLost(reason: "\(error)"))
      }
    }
  }

  private static func line(_ message: some Encodable) throws -> [UInt8] {
    var line = try LineCodec.encode(message)
    if line.last == UInt8(ascii: "\n") { line.removeLast() }
    return line
  }

  // MARK: Giving up

  /// Asks the daemon to give a request up, or forgets it if it has not been sent.
  func cancel(_ identifier: Int64) {
    giveUp(identifier, .refused(WireError(.cancelled, "The request was cancelled.")), ifSent: false)
  }

  private func expire(_ identifier: Int64, limit: Duration) {
    let method = state.withLock { $0.unanswered[identifier]?.method }
    guard let method else { return }
    giveUp(identifier, .timedOut(method: method, limit: limit), ifSent: true)
  }

  /// Cancels a request, and settles it now unless the daemon's own answer is to be awaited.
  private func giveUp(_ identifier: Int64, _ error: ClientError, ifSent settleIfSent: Bool) {
    let settlement: Settlement? = state.withLock { state in
      guard let unanswered = state.unanswered[identifier] else { return nil }
      guard unanswered.isSent else {
        state.unanswered[identifier] = nil
        return unanswered.settlement
      }
      // The daemon counts the request until it has answered it, and so must the limits here.
      if let line = try? Self.line(CancelNotification(identifier: identifier)) { send(line) }
      return settleIfSent ? unanswered.settlement : nil
    }
    settlement?.settle(.failure(error))
  }

  /// Ends the connection; everything unanswered fails with `error`, unless it has ended before.
  func end(_ error: ClientError) {
    let unanswered = state.withLock { state in
      if state.end == nil { state.end = error }
      defer {
        state.unanswered = [:]
        state.held = Fifo()
      }
      return state.unanswered
    }
    connection.close()
    for request in unanswered.values { request.settlement.settle(.failure(error)) }
  }

  // MARK: Receiving

  private func receive() {
    do {
      while let line = try nextLine() { try take(line) }
      end(.connectionLost(reason: "the daemon closed it"))
    } catch {
      end(error)
    }
  }

  private func nextLine() throws(ClientError) -> [UInt8]? {
    do {
      return try connection.receiveLine()
    } catch {
      throw .connectionLost(reason: "\(error)")
    }
  }

  private func take(_ line: [UInt8]) throws(ClientError) {
    switch try IncomingLine(line) {
    case .answer(let id):
      remove(id)?.settlement.settle(.success(line))
    case .refusal(let id, let error):
      remove(id)?.settlement.settle(.failure(ClientError(error)))
    case .progress(let notification, let id):
      state.withLock { $0.unanswered[id]?.progress }?(notification)
    case .unattributedRefusal(let error):
      throw ClientError(error)
    case .greeting, .unknownNotification:
      break
    }
  }

  /// The request that has been answered, which makes room for another.
  private func remove(_ identifier: Int64) -> Unanswered? {
    state.withLock { state in
      guard let unanswered = state.unanswered.removeValue(forKey: identifier) else { return nil }
      state.sentRequests -= 1
      state.sentFiles -= unanswered.fileCount
      sendHeld(&state)
      return unanswered
    }
  }
}

/// The notification `$/cancel`.
private struct CancelNotification: Encodable {
  let jsonrpc = "2.0"
  let method = "$/cancel"
  let params: [String: Int64]

  init(identifier: Int64) { params = ["Id": identifier] }
}

/// A queue whose ends both cost constant time on average.
private struct Fifo<Element> {
  private var newest: [Element] = []
  /// Oldest last.
  private var oldest: [Element] = []

  mutating func append(_ element: Element) { newest.append(element) }

  var first: Element? {
    mutating get {
      if oldest.isEmpty {
        oldest = newest.reversed()
        newest = []
      }
      return oldest.last
    }
  }

  mutating func removeFirst() {
    if first != nil { oldest.removeLast() }
  }
}

extension Duration {
  fileprivate var dispatchInterval: DispatchTimeInterval {
    // Attoseconds to nanoseconds; a century is long enough.
    let seconds = min(max(0, components.seconds), 3_155_760_000)
    return .nanoseconds(Int(seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000))
  }
}
