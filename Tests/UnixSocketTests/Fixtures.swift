import Glibc
import Synchronization
import Testing
import UnixSocket

/// Everything here opens descriptors and counts them, so it runs one after the other.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SocketTests {}

/// A directory that vanishes with its content.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/figured-socket-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    try #require(made != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}

/// Descriptors that this process has open.
func openDescriptorCount() -> Int {
  guard let directory = opendir("/proc/self/fd") else { return 0 }
  defer { closedir(directory) }
  var count = 0
  while readdir(directory) != nil { count += 1 }
  return count
}

/// Waits until something holds, which another thread makes true.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<2_000 {
    if condition() { return true }
    usleep(5_000)
  }
  return condition()
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What a session was told.
enum SessionEvent: Equatable, Sendable {
  case line(String)
  case ruleBroken(LineViolation)
  case readEnded
  case closed(CloseReason)
}

/// A session that keeps a record and lets the test decide what to do with lines.
final class RecordingSession: LineSession {
  typealias Handler = @Sendable (LineConnection, ReceivedLine, inout DescriptorQueue) -> Void

  let connection: LineConnection
  private let handler: Handler
  private let closesWhenReadEnds: Bool
  private let recorded = Mutex<[SessionEvent]>([])

  init(_ connection: LineConnection, closesWhenReadEnds: Bool, handler: @escaping Handler) {
    self.connection = connection
    self.closesWhenReadEnds = closesWhenReadEnds
    self.handler = handler
  }

  var events: [SessionEvent] { recorded.withLock { $0 } }

  private func record(_ event: SessionEvent) { recorded.withLock { $0.append(event) } }

  func lineReceived(_ line: ReceivedLine, descriptors: inout DescriptorQueue) {
    record(.line(String(decoding: line.bytes.prefix(40), as: UTF8.self)))
    handler(connection, line, &descriptors)
  }

  func ruleBroken(_ violation: LineViolation) {
    record(.ruleBroken(violation))
    connection.send(bytes("rule broken"))
  }

  func readEnded() {
    record(.readEnded)
    if closesWhenReadEnds { connection.closeWhenDrained() }
  }

  func connectionClosed(_ reason: CloseReason) { record(.closed(reason)) }
}

/// A server on a thread of its own, with everything that it needs; echoes unless told otherwise.
final class TestServer: LineService {
  let path: String
  let server = Mutex<LineServer?>(nil)
  let loop: EventLoop
  private let directory: TemporaryDirectory
  private let thread: LoopThread
  private let handler: RecordingSession.Handler
  private let closesWhenReadEnds: Bool
  private let recorded = Mutex<[RecordingSession]>([])
  private let pauses = Mutex(0)

  static let echo: RecordingSession.Handler = { connection, line, _ in
    connection.send(line.bytes)
  }

  init(
    limits: LineServerLimits = LineServerLimits(), closesWhenReadEnds: Bool = true,
    handler: @escaping RecordingSession.Handler = TestServer.echo
  ) throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/socket"
    loop = try EventLoop()
    self.handler = handler
    self.closesWhenReadEnds = closesWhenReadEnds
    thread = try LoopThread(running: loop, name: "test-server")
    let listener = try Listener.bind(path: path)
    let server = LineServer(listener: listener, service: self, limits: limits, loop: loop)
    try server.start()
    self.server.withLock { $0 = server }
  }

  var sessions: [RecordingSession] { recorded.withLock { $0 } }
  var acceptPauses: Int { pauses.withLock { $0 } }
  var connectionCount: Int { server.withLock { $0?.connectionCount ?? 0 } }
  var heldLineBytes: Int { server.withLock { $0?.heldLineBytes ?? 0 } }

  func connect() throws -> LineClient { try LineClient(connectingTo: path) }

  /// Returns when the last connection is closed.
  func stop(within deadline: Duration = .seconds(5)) {
    let isStopped = Mutex(false)
    withExtendedLifetime(isStopped) {
      let box = Box()
      server.withLock { $0 }?.stop(within: deadline) { box.value.withLock { $0 = true } }
      #expect(eventually { box.value.withLock { $0 } })
    }
    thread.stopAndWait()
    server.withLock { $0 = nil }
    recorded.withLock { $0 = [] }
  }

  private final class Box: Sendable {
    let value = Mutex(false)
  }

  func connectionOpened(_ connection: LineConnection) -> any LineSession {
    let session = RecordingSession(
      connection, closesWhenReadEnds: closesWhenReadEnds, handler: handler)
    recorded.withLock { $0.append(session) }
    return session
  }

  func lineRefusing(_ refusal: ConnectionRefusal, to peer: PeerCredentials) -> [UInt8] {
    bytes("refused: \(refusal)")
  }

  func acceptingPaused(errno: Int32) { pauses.withLock { $0 += 1 } }
}

extension LineClient {
  func receiveText(within timeout: Duration = .seconds(10)) throws -> String? {
    try receiveLine(within: timeout).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A connected socket without any protocol, for clients that misbehave.
struct RawClient: ~Copyable {
  let descriptor: FileDescriptor

  init(path: String) throws {
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    descriptor = FileDescriptor(owning: number)
    try #require(status == 0)
  }

  /// Returns the number of bytes sent, or −1; blocks unless told otherwise.
  @discardableResult
  func send(_ bytes: [UInt8], waiting: Bool = true) -> Int {
    Glibc.send(
      descriptor.rawValue, bytes, bytes.count,
      Int32(MSG_NOSIGNAL) | (waiting ? 0 : Int32(MSG_DONTWAIT)))
  }

  func receive(_ count: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let received = recv(descriptor.rawValue, &buffer, count, 0)
    return Array(buffer.prefix(max(0, received)))
  }
}
