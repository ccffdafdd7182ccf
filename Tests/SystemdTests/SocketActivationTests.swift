import Glibc
import Systemd
import Testing

/// Passed descriptors start at 3, so these run in processes of their own, where 3 can be anything.
@Suite struct SocketActivationTests {
  /// Puts a Unix socket of a type at a number, listening if asked to.
  private static func place(type: __socket_type, listening: Bool, at number: Int32) {
    let made = socket(AF_UNIX, Int32(type.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = "/tmp/figured-activation-\(getpid())-\(number)"
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(made, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    unlink(path)
    if listening { listen(made, 5) }
    if made != number { dup2(made, number) }
  }

  @Test func takesListeningSocketsWithTheirNames() async {
    await #expect(processExitsWith: .exitCode(EXIT_SUCCESS)) {
      Self.place(type: SOCK_STREAM, listening: true, at: 3)
      Self.place(type: SOCK_STREAM, listening: true, at: 4)
      setenv("LISTEN_PID", "\(getpid())", 1)
      setenv("LISTEN_FDS", "2", 1)
      setenv("LISTEN_FDNAMES", "query:admin", 1)
      let sockets = try SocketActivation.takeSockets()
      let isRight =
        sockets.map(\.name) == ["query", "admin"] && sockets.map(\.descriptor) == [3, 4]
        && fcntl(3, F_GETFD) == FD_CLOEXEC && getenv("LISTEN_FDS") == nil
      exit(isRight ? EXIT_SUCCESS : 10)
    }
  }

  @Test(arguments: ["datagram", "silent", "file"])
  func refusesWhatNobodyCanConnectTo(kind: String) async {
    await #expect(processExitsWith: .exitCode(EXIT_SUCCESS)) { [kind] in
      switch kind {
      case "datagram": Self.place(type: SOCK_DGRAM, listening: false, at: 3)
      case "silent": Self.place(type: SOCK_STREAM, listening: false, at: 3)
      default: dup2(open("/dev/null", O_RDONLY), 3)
      }
      setenv("LISTEN_PID", "\(getpid())", 1)
      setenv("LISTEN_FDS", "1", 1)
      setenv("LISTEN_FDNAMES", "figured", 1)
      do {
        _ = try SocketActivation.takeSockets()
        exit(10)
      } catch {
        exit(
          error as? SystemdError == .notAListeningSocket(name: "figured", descriptor: 3)
            ? EXIT_SUCCESS : 11)
      }
    }
  }
}
