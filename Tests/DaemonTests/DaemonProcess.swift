import FaceClient
import Foundation
import Testing
import WireProtocol

/// The project's folder.
let projectRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The photographs of people who do not exist, with who is in which.
enum DemoLibrary {
  static let folder = projectRoot.appending(path: "Examples/library/photos")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Who is in each photograph.
  static func labels() throws -> [String: [String]] {
    let file = projectRoot.appending(path: "Examples/library/labels.json")
    return try JSONDecoder().decode([String: [String]].self, from: Data(contentsOf: file))
  }
}

/// The built daemon on a folder of its own, which is removed in the end.
///
/// `@unchecked Sendable`: a test drives its daemon from one thread at a time.
final class DaemonProcess: @unchecked Sendable {
  let folder: URL
  private var process = Process()
  private var extraConfiguration: String
  /// The folder of the models; another one is used from the next start on.
  var models: URL

  var socketPath: String { folder.appending(path: "socket").path }
  var stateDirectory: URL { folder.appending(path: "state") }
  var configurationPath: URL { folder.appending(path: "figured.conf") }
  private var logPath: URL { folder.appending(path: "log") }

  /// Starts a daemon and waits until it answers.
  init(
    configuration: String = "", models: URL = projectRoot.appending(path: "Models")
  ) throws {
    // A socket's path has at most 107 bytes, so it lies near the root.
    folder = URL(filePath: "/tmp/figured-test-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    extraConfiguration = configuration
    self.models = models
    try start()
  }

  deinit { remove() }

  /// Ends the daemon and removes what it wrote.
  func remove() {
    kill(SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Starts the daemon again, on the state that is there.
  func start() throws {
    try extraConfiguration.write(to: configurationPath, atomically: true, encoding: .utf8)
    process = Process()
    process.executableURL = Bundle.main.executableURL.map {
      $0.deletingLastPathComponent().appending(path: "figured")
    }
    process.arguments = [
      "--config", configurationPath.path, "--state", stateDirectory.path,
      "--socket", socketPath, "--models", models.path,
    ]
    try Data().write(to: logPath)
    process.standardError = try FileHandle(forWritingTo: logPath)
    try process.run()
    let deadline = ContinuousClock.now + .seconds(60)
    while (try? client()) == nil {
      guard ContinuousClock.now < deadline, process.isRunning else {
        throw StartFailure(log: log)
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// Ends the daemon and starts it again with another configuration, on the state that is there.
  func restart(configuration: String) throws {
    kill(SIGTERM)
    extraConfiguration = configuration
    try start()
  }

  struct StartFailure: Error { let log: String }

  var log: String { (try? String(contentsOf: logPath, encoding: .utf8)) ?? "" }
  var processID: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  func client() throws -> FaceClient { try FaceClient.connect(path: socketPath) }

  /// Sends a signal and waits for the process to end.
  @discardableResult
  func kill(_ signal: Int32) -> Int32 {
    guard process.isRunning else { return process.terminationStatus }
    Foundation.kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }

  func signal(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }
}

/// One daemon with the whole demo library, for the tests that only look.
///
/// Importing takes seconds, so it is done once; a test that changes something starts its own.
enum ImportedLibrary {
  /// What the configuration of its daemon says: everything that is said of faces but head poses.
  static let allAttributes = "[attributes]\nwhen = \"at-once\"\nmesh = false\n"

  private static let shared = Result { () throws -> (DaemonProcess, TaskMessage) in
    let daemon = try DaemonProcess(configuration: allAttributes)
    let task = try daemon.client().call(
      .importMedia(paths: [DemoLibrary.folder.path], wait: true)
    ).task
    return (daemon, task)
  }

  /// Has the daemon ended with the tests; what is static is never released.
  private static let isRemovedAtExit = atexit { try? ImportedLibrary.shared.get().0.remove() } == 0

  static func client() throws -> FaceClient {
    let daemon = try shared.get().0
    #expect(isRemovedAtExit)
    return try daemon.client()
  }
  static func task() throws -> TaskMessage { try shared.get().1 }
}

/// A connection on which a test writes and reads bytes by itself.
final class RawConnection {
  private let descriptor: Int32
  private var pending: [UInt8] = []

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line; `nil` at the end of the connection or after 30 seconds.
  func line() -> String? {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending.removeFirst(end + 1) }
        return String(decoding: pending[..<end], as: UTF8.self)
      }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      pending += buffer[..<count]
    }
  }

  /// The next line that answers something, read as JSON.
  func answer() throws -> JSONValue {
    while let line = line() {
      let value = try JSONParser.parse(Array(line.utf8))
      if value["method"] == nil { return value }
    }
    throw EndOfConnection()
  }

  struct EndOfConnection: Error {}
}
