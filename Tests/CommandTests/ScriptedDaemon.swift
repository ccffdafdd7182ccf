import FoundationEssentials
import Glibc
import Synchronization
import UnixSocket
import WireProtocol

/// The other end of a connection, which says what a test tells it to: for what a real daemon does
/// rarely or never.
final class ScriptedDaemon: LineService {
  /// A request as it arrived.
  struct Call: Sendable {
    let id: RequestIdentifier?
    let method: String
    let parameters: [String: JSONValue]
    /// What the descriptors held that came with it.
    let files: [[UInt8]]
    fileprivate let connection: LineConnection

    func send(_ line: String) { connection.send(Array(line.utf8)) }

    func answer(_ result: String) {
      guard case .integer(let number)? = id else { return }
      send(#"{"jsonrpc":"2.0","id":\#(number),"result":\#(result)}"#)
    }

    func refuse(_ error: WireError) throws {
      let line = try LineCodec.encode(OutgoingError(id: id, error: error))
      connection.send(Array(line.dropLast()))
    }

    func progress(done: Int, total: Int) throws {
      guard let id else { return }
      let progress = ProgressNotification(
        id: id, taskID: "t1", progress: TaskProgress(total: total, done: done))
      let line = try LineCodec.encode(
        OutgoingNotification(method: ProgressNotification.method, params: progress))
      connection.send(Array(line.dropLast()))
    }

    func hangUp() { connection.closeWhenDrained() }
  }

  let path: String
  private let directory: String
  private let greeting: String?
  private let onCall: @Sendable (Call) throws -> Void
  private let thread: LoopThread
  private let server = Mutex<LineServer?>(nil)

  static func hello(
    protocolVersion: String = "1.0", inFlight: Int = 8, line: Int = 1 << 20,
    role: Role = .admin
  ) throws -> String {
    let hello = Hello(
      protocolVersion: protocolVersion, product: "figured", version: "9.9.9",
      modelFingerprint: String(repeating: "0", count: 64),
      limits: .init(
        line: line, inFlight: inFlight, imageBytes: 1 << 20, imagePixels: 1 << 20, descriptors: 16),
      peer: .init(userID: getuid(), role: role))
    let line = try LineCodec.encode(OutgoingNotification(method: Hello.method, params: hello))
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  /// Starts listening at a path of its own.
  ///
  /// - Parameters:
  ///   - greeting: the first line; `nil` for a daemon that says nothing.
  ///   - onCall: called with each line from the client.
  /// - Throws: if it cannot listen.
  init(
    greeting: String?, onCall: @escaping @Sendable (Call) throws -> Void = { _ in }
  ) throws {
    directory = TemporaryFolder.make()
    path = directory + "/d.sock"
    self.greeting = greeting
    self.onCall = onCall
    let loop = try EventLoop()
    thread = try LoopThread(running: loop, name: "scripted")
    let server = LineServer(
      listener: try Listener.bind(path: path), service: self, loop: loop)
    self.server.withLock { $0 = server }
    try server.start()
  }

  /// Clients that are connected.
  var connectionCount: Int { server.withLock { $0?.connectionCount ?? 0 } }

  /// Ends all connections and removes the socket.
  func stop() {
    server.withLock { $0 = nil }
    thread.stopAndWait()
    try? FileManager.default.removeItem(atPath: directory)
  }

  func connectionOpened(_ connection: LineConnection) -> any LineSession {
    if let greeting { connection.send(Array(greeting.utf8)) }
    return Session(connection: connection, onCall: onCall)
  }

  func lineRefusing(_ refusal: ConnectionRefusal, to peer: PeerCredentials) -> [UInt8] { [] }
  func acceptingPaused(errno: Int32) {}

  private final class Session: LineSession {
    let connection: LineConnection
    let onCall: @Sendable (Call) throws -> Void

    init(connection: LineConnection, onCall: @escaping @Sendable (Call) throws -> Void) {
      self.connection = connection
      self.onCall = onCall
    }

    func lineReceived(_ line: ReceivedLine, descriptors: inout DescriptorQueue) {
      guard let request = try? Request(line: line.bytes) else { return }
      var files: [[UInt8]] = []
      while let descriptor = descriptors.take() {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = pread(descriptor.rawValue, &bytes, bytes.count, 0)
        files.append(Array(bytes.prefix(max(0, count))))
      }
      try? onCall(
        Call(
          id: request.id, method: request.method, parameters: request.parameters, files: files,
          connection: connection))
    }

    func ruleBroken(_ violation: LineViolation) {}
    func readEnded() { connection.closeWhenDrained() }
    func connectionClosed(_ reason: CloseReason) {}
  }
}

/// Folders for one test each.
enum TemporaryFolder {
  static func make() -> String {
    var template = Array("/tmp/figurectl-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
    return String(cString: made)
  }
}
