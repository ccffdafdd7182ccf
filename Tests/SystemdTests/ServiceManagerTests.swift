import Glibc
import Systemd
import Testing

/// The environment belongs to the whole process, so these run one after the other.
@Suite(.serialized) struct SystemdTests {
  /// Receives what is sent to NOTIFY_SOCKET while `body` runs.
  private func notifications(_ body: (ServiceManager) -> Void) throws -> [String] {
    let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(number) }
    let path = "/tmp/figured-notify-\(getpid())"
    unlink(path)
    defer { unlink(path) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    setenv("NOTIFY_SOCKET", path, 1)
    defer { unsetenv("NOTIFY_SOCKET") }
    body(ServiceManager())
    var messages: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = recv(number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return messages }
      messages.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
  }

  @Test func tellsTheServiceManagerWhatHappens() throws {
    let messages = try notifications { manager in
      manager.extendTimeout(.milliseconds(1_500))
      manager.ready(status: "idle")
      manager.status("embedding 12/40\nREADY=0")
      manager.keepAlive()
      manager.stopping()
    }
    #expect(
      messages == [
        "EXTEND_TIMEOUT_USEC=1500000", "READY=1\nSTATUS=idle", "STATUS=embedding 12/40 READY=0",
        "WATCHDOG=1", "STOPPING=1",
      ])
  }

  @Test func saysWhenAReloadBegan() throws {
    var before = timespec()
    clock_gettime(CLOCK_MONOTONIC, &before)
    let messages = try notifications { $0.reloading() }
    let lines = messages.first?.split(separator: "\n") ?? []
    #expect(lines.first == "RELOADING=1")
    let time = lines.last.flatMap { Int($0.dropFirst("MONOTONIC_USEC=".count)) } ?? 0
    #expect((0..<10_000_000).contains(time - before.tv_sec * 1_000_000))
  }

  @Test func doesNothingWithoutAServiceManager() {
    unsetenv("NOTIFY_SOCKET")
    ServiceManager().ready()
  }

  @Test func halvesTheTimeThatTheWatchdogAllows() {
    unsetenv("WATCHDOG_USEC")
    #expect(ServiceManager().watchdogInterval == nil)
    setenv("WATCHDOG_USEC", "60000000", 1)
    setenv("WATCHDOG_PID", "\(getpid())", 1)
    #expect(ServiceManager().watchdogInterval == .seconds(30))
    setenv("WATCHDOG_PID", "1", 1)
    #expect(ServiceManager().watchdogInterval == nil)
    unsetenv("WATCHDOG_USEC")
    unsetenv("WATCHDOG_PID")
  }

  @Test func findsNoSocketsWhenStartedByHand() throws {
    unsetenv("LISTEN_FDS")
    #expect(try SocketActivation.takeSockets() == [])
  }

  @Test func takesSocketsForItselfOnly() throws {
    setenv("LISTEN_FDS", "1", 1)
    setenv("LISTEN_PID", "1", 1)
    #expect(try SocketActivation.takeSockets() == [])
    #expect(getenv("LISTEN_FDS") == nil)
  }

  @Test func refusesAnEnvironmentThatMakesNoSense() {
    setenv("LISTEN_FDS", "many", 1)
    setenv("LISTEN_PID", "\(getpid())", 1)
    #expect(throws: SystemdError.listenDescriptors(code: EINVAL)) {
      _ = try SocketActivation.takeSockets()
    }
    #expect(getenv("LISTEN_FDS") == nil)
  }
}
