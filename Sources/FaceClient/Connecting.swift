internal import Glibc
internal import UnixSocket
internal import WireProtocol

/// Connects to a daemon and reads how it greets; blocks.
///
/// - Parameters:
///   - path: the daemon's socket.
///   - timeout: for connecting and for the greeting, each.
/// - Returns: the connection, and the greeting that has been read from it.
/// - Throws: why there is no connection that could be used.
func connectToDaemon(
  path: String, timeout: Duration
) throws(ClientError) -> (connection: LineClient, hello: Hello) {
  func notReachable(_ reason: String, hint: String? = nil) -> ClientError {
    .daemonNotReachable(path: path, reason: reason, hint: hint ?? SocketPath.startHint(for: path))
  }
  let connection: LineClient
  do {
    connection = try LineClient(connectingTo: path, within: timeout, lineLimit: answerLineLimit)
  } catch .system(_, ENOENT, _) {
    throw notReachable("there is no socket")
  } catch .system(_, ECONNREFUSED, _) {
    throw notReachable("nothing is listening at the socket")
  } catch .system(_, EACCES, _) {
    throw .notPermitted(
      WireError(
        .notPermitted, "You may not connect to \(path).",
        hint: "Ask an administrator to add you to the socket's group (see “ls -l \(path)”)."))
  } catch .timedOut {
    throw notReachable("it takes no more connections now", hint: "Try again in a moment.")
  } catch {
    throw notReachable("\(error)")
  }

  let line: [UInt8]?
  do {
    line = try connection.receiveLine(within: timeout)
  } catch .timedOut {
    throw notReachable(
      "it accepts connections but does not greet",
      hint: "See what the daemon is doing with “systemctl status figured”.")
  } catch {
    throw .protocolViolation("\(error)")
  }
  guard let line else {
    throw .connectionLost(reason: "the daemon closed it without a greeting")
  }
  switch try IncomingLine(line) {
  case .greeting(let hello): return (connection, hello)
  case .unattributedRefusal(let error): throw ClientError(error)
  default: throw .protocolViolation("it did not greet")
  }
}

/// Bytes of the longest line that the daemon may send: far above what any page of results has.
private let answerLineLimit = 64 << 20
