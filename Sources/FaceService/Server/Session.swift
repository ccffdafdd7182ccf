internal import Glibc
internal import Synchronization
internal import Threading
internal import UnixSocket
internal import WireProtocol

/// One connection: reads its requests in their order, hands them to the service, and keeps count of
/// those in flight.
final class Session: LineSession {
  private struct State {
    var inFlight: [RequestIdentifier: RequestContext] = [:]
    /// Requests not answered yet, notifications among them: what the limit is for.
    var unanswered = 0
    /// Requests whose answer has not been handed over yet.
    var open = 0
    var hasReadEnded = false
    var isClosed = false
  }

  /// A line's content, or what is wrong with it.
  private typealias ReadLine = Result<Request, Request.Malformed>

  /// The longest line, in bytes, that is read on the event loop's thread; its reading takes some
  /// ten microseconds.
  private static let shortLine = 4096

  private let service: Service
  private let connection: LineConnection
  private let caller: Caller
  private let order = LineOrder()
  private let state = Mutex(State())

  init(service: Service, connection: LineConnection, caller: Caller) {
    self.service = service
    self.connection = connection
    self.caller = caller
  }

  func lineReceived(_ line: ReceivedLine, descriptors: inout DescriptorQueue) {
    guard !line.bytes.isEmpty else { return }
    // A line that came with descriptors must be read here, to know how many are its own.
    let isReadHere = line.bytes.count <= Self.shortLine || !descriptors.isEmpty
    let request = isReadHere ? Self.read(line) : nil
    let isFull = state.withLock { $0.unanswered >= service.limits.inFlight }
    guard !isFull || request?.isCancellation == true else {
      descriptors.removeAll()
      return refuse(
        nil,
        WireError(
          .tooManyRequests,
          "\(service.limits.inFlight) requests of this connection are unanswered.",
          hint: "Wait for an answer before sending more."))
    }
    state.withLock { state in
      state.unanswered += 1
      state.open += 1
    }
    service.requestOpened()
    guard let request else {
      return order.readLong(on: service.requests) { [self] in take(Self.read(line), []) }
    }
    let own = Self.own(request, of: &descriptors)
    order.readShort { [self] in take(request, own) }
  }

  private static func read(_ line: ReceivedLine) -> ReadLine {
    ReadLine { () throws(Request.Malformed) in try Request(line: line.bytes) }
  }

  /// The descriptors that a line speaks of.
  private static func own(_ request: ReadLine, of descriptors: inout DescriptorQueue) -> [Int32] {
    guard case .success(let request) = request else {
      // What the line wanted is unknown, so none of them can be given to a later one.
      descriptors.removeAll()
      return []
    }
    var own: [Int32] = []
    let count = JSONValue.object(request.parameters).descriptorCount
    while own.count < count, let descriptor = descriptors.take() {
      own.append(descriptor.release())
    }
    return own
  }

  private func take(_ line: ReadLine, _ descriptors: [Int32]) {
    switch line {
    case .failure(let malformed):
      forget(nil)
      refuse(malformed.id, malformed.error)
      closeRequest()
    case .success(let request) where line.isCancellation:
      let target = request.parameters["Id"].flatMap(RequestIdentifier.init)
      let context = target.flatMap { target in state.withLock { $0.inFlight[target] } }
      forget(nil)
      context?.cancel(cleaningUpOn: service.requests)
      closeRequest()
    case .success(let request):
      take(request, descriptors)
    }
  }

  /// Counts a request among those in flight, so that it can be cancelled from now on, and has it
  /// served.
  private func take(_ request: Request, _ descriptors: [Int32]) {
    // The session lives until its last request is over, though the client may have its answer and
    // be gone before that is counted; then nothing holds on to the context.
    let context = RequestContext(
      id: request.id, caller: caller, descriptors: descriptors,
      send: { [connection] line in connection.send(line) },
      onAnswering: { [self] context in forget(context) },
      onAnswered: { [self] _ in closeRequest() })
    if let id = request.id {
      let (isNew, isClosed) = state.withLock { state in
        guard state.inFlight[id] == nil else { return (false, state.isClosed) }
        state.inFlight[id] = context
        return (true, state.isClosed)
      }
      guard isNew else {
        forget(nil)
        refuse(id, WireError(.invalidRequest, "Another request with this id is unanswered."))
        return closeRequest()
      }
      if isClosed { context.abandon() }
    }
    service.requests.submit { [self] in
      do throws(WireError) {
        try service.commands.command(request.method).run(service, request, context)
      } catch {
        context.refuse(error)
      }
    }
  }

  /// A request counts no longer.
  private func forget(_ context: RequestContext?) {
    state.withLock { state in
      if let id = context?.id { state.inFlight[id] = nil }
      state.unanswered -= 1
    }
  }

  /// A request is over; the last one after the client has finished writing ends the connection.
  private func closeRequest() {
    service.requestClosed()
    let isLast = state.withLock { state in
      state.open -= 1
      return state.open == 0 && state.hasReadEnded
    }
    if isLast { connection.closeWhenDrained() }
  }

  private func refuse(_ id: RequestIdentifier?, _ error: WireError) {
    if let line = try? LineCodec.content(OutgoingError(id: id, error: error)) {
      connection.send(line)
    }
  }

  func ruleBroken(_ violation: LineViolation) {
    refuse(nil, WireError(violation))
  }

  func readEnded() {
    let isIdle = state.withLock { state in
      state.hasReadEnded = true
      return state.open == 0
    }
    if isIdle { connection.closeWhenDrained() }
  }

  func connectionClosed(_ reason: CloseReason) {
    service.connectionClosed(reason, caller: caller)
    let contexts = state.withLock { state in
      state.isClosed = true
      return Array(state.inFlight.values)
    }
    for context in contexts { context.abandon() }
  }
}

extension Result<Request, Request.Malformed> {
  /// Whether it is the notification that ends the wait for another request.
  fileprivate var isCancellation: Bool {
    guard case .success(let request) = self else { return false }
    return request.method == "$/cancel"
  }
}

extension WireError {
  /// What a client is told that broke a rule of the transport.
  init(_ violation: LineViolation) {
    switch violation {
    case .lineTooLong(let limit):
      self.init(
        .lineTooLong, "The line is longer than \(limit) bytes and was skipped.",
        hint: "Pass a large image as a descriptor or as a path.")
    case .lineEndless(let limit):
      self.init(.lineTooLong, "No newline came within four times the limit of \(limit) bytes.")
    case .lineMemoryExhausted(let limit):
      self.init(
        .tooManyRequests,
        "All clients' lines together exceed \(limit) bytes; this one was skipped.",
        hint: "Send it again later, or pass the image as a descriptor.")
    case .tooManyDescriptors(let limit):
      self.init(.invalidRequest, "More than \(limit) descriptors were sent that no request names.")
    case .descriptorsLost:
      self.init(.invalidRequest, "Descriptors were lost: too many in one message, or none free.")
    }
  }
}

extension JSONValue {
  /// How many descriptors the value speaks of: one more than the highest index.
  var descriptorCount: Int {
    switch self {
    case .string(let text):
      guard text.hasPrefix("fd:"), let index = Int(text.dropFirst(3)), (0..<16).contains(index)
      else { return 0 }
      return index + 1
    case .array(let elements):
      return elements.map(\.descriptorCount).max() ?? 0
    case .object(let members):
      if members.count == 1, case .integer(let index)? = members["Fd"], (0..<16).contains(index) {
        return Int(index) + 1
      }
      return members.values.map(\.descriptorCount).max() ?? 0
    default:
      return 0
    }
  }
}
