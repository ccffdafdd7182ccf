public import WireProtocol

/// Why the daemon could not be asked, or would not do what it was asked.
///
/// The cases differ in what the caller can do about them.
public enum ClientError: Error, Equatable, Sendable {
  /// Nobody answers at the socket: start the daemon, or name another socket.
  case daemonNotReachable(path: String, reason: String, hint: String)
  /// The user may not connect, or the user's role does not allow the request.
  case notPermitted(WireError)
  /// The daemon understood and refused; `WireError/code` says why and whether to try again.
  case refused(WireError)
  /// No answer came in time. The request has been cancelled as far as it could be.
  case timedOut(method: String, limit: Duration)
  /// The connection ended with the request unanswered. It may or may not have been carried out.
  case connectionLost(reason: String)
  /// The two programs do not fit together: update the older one.
  case versionMismatch(daemon: String, client: String)
  /// The other side does not speak as figured should. A defect, or another program's socket.
  case protocolViolation(String)

  /// The daemon's word for why it refused; `nil` where the daemon did not answer.
  public var code: ErrorCode? {
    switch self {
    case .notPermitted(let error), .refused(let error): error.code
    default: nil
    }
  }

  /// A refusal in the daemon's own words, sorted by what the caller can do.
  init(_ error: WireError) {
    self = error.code == .notPermitted ? .notPermitted(error) : .refused(error)
  }
}

extension ClientError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .daemonNotReachable(let path, let reason, let hint):
      "Cannot reach figured at \(path): \(reason).\n\(hint)"
    case .notPermitted(let error), .refused(let error):
      error.description
    case .timedOut(let method, let limit):
      "figured did not answer \(method) within \(limit.components.seconds) s."
    case .connectionLost(let reason):
      "The connection to figured was lost: \(reason)."
    case .versionMismatch(let daemon, let client):
      "figured speaks version \(daemon) of the protocol and this program version \(client); "
        + "update the older of the two."
    case .protocolViolation(let reason):
      "The other side of the socket does not speak figured's protocol: \(reason)."
    }
  }
}
