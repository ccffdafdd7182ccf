internal import CSystemd
internal import Glibc

/// Sockets that the service manager has opened for the daemon (sd_listen_fds(3)).
public enum SocketActivation {
  /// A descriptor and its `FileDescriptorName=`.
  public struct PassedSocket: Hashable, Sendable {
    /// Open, closed on `exec`; belongs to the caller.
    public let descriptor: Int32
    public let name: String
  }

  /// Takes what was passed, once: the environment is cleared, so that children see none of it.
  ///
  /// To be called early, while there is one thread, since changing the environment is no safer.
  ///
  /// - Returns: the listening Unix stream sockets; empty if the daemon was started by hand.
  /// - Throws: ``SystemdError`` if something else was passed, or the environment makes no sense.
  public static func takeSockets() throws(SystemdError) -> [PassedSocket] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = unsafe sd_listen_fds_with_names(1, &names)
    defer {
      if let names = unsafe names {
        for index in 0..<max(0, Int(count)) { unsafe free(names[index]) }
        unsafe free(names)
      }
    }
    guard count >= 0 else { throw .listenDescriptors(code: -count) }
    let firstDescriptor: Int32 = 3  // SD_LISTEN_FDS_START
    var sockets: [PassedSocket] = []
    for index in 0..<Int(count) {
      let descriptor = firstDescriptor + Int32(index)
      let name = unsafe names?[index].map { unsafe String(cString: $0) } ?? ""
      guard sd_is_socket_unix(descriptor, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0 else {
        throw .notAListeningSocket(name: name, descriptor: descriptor)
      }
      sockets.append(PassedSocket(descriptor: descriptor, name: name))
    }
    return sockets
  }
}

/// What went wrong between the service manager and the daemon.
public enum SystemdError: Error, Hashable, Sendable, CustomStringConvertible {
  /// LISTEN_FDS and its companions could not be read; `code` is an `errno`.
  case listenDescriptors(code: Int32)
  /// The socket unit passes something that nobody can connect to by a Unix stream socket.
  case notAListeningSocket(name: String, descriptor: Int32)

  public var description: String {
    switch self {
    case .listenDescriptors(let code):
      "the sockets passed by the service manager cannot be taken over (error \(code))"
    case .notAListeningSocket(let name, let descriptor):
      "descriptor \(descriptor) (“\(name)”), passed by the service manager, is no listening Unix "
        + "stream socket; figured.socket must have ListenStream= with a path and Accept=no"
    }
  }
}
