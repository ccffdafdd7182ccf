/// What a program does with the connections of a ``LineServer``.
///
/// Called on the thread of the server's event loop; nothing here may block.
public protocol LineService: AnyObject, Sendable {
  /// Somebody has connected; the answer is told about everything that happens to the connection.
  ///
  /// It may send at once, such as a greeting, and may refuse the peer by
  /// ``LineConnection/closeWhenDrained()``.
  func connectionOpened(_ connection: LineConnection) -> any LineSession

  /// The one line that somebody is told whose connection cannot be served.
  func lineRefusing(_ refusal: ConnectionRefusal, to peer: PeerCredentials) -> [UInt8]

  /// New connections cannot be accepted for lack of descriptors or memory; the server tries again
  /// by itself.
  func acceptingPaused(errno: Int32)
}

/// What a program does with one connection of a ``LineServer``.
///
/// Called on the thread of the server's event loop, in the order of events; nothing here may block.
/// Lines are to be handed to other threads if they take more than a moment.
public protocol LineSession: AnyObject, Sendable {
  /// A line has arrived.
  ///
  /// - Parameters:
  ///   - line: without its newline; may be empty.
  ///   - descriptors: everything that was passed and not taken yet, in the order of arrival. The
  ///     line takes from the front those that it speaks of.
  func lineReceived(_ line: ReceivedLine, descriptors: inout DescriptorQueue)

  /// The peer broke a rule; the session may send a line about it.
  ///
  /// After a fatal violation the server closes the connection once that line is out.
  func ruleBroken(_ violation: LineViolation)

  /// No more lines will come, but answers can still be sent.
  ///
  /// Called at most once: the peer has finished writing, or the server stops. When nothing is in
  /// flight any more, the session calls ``LineConnection/closeWhenDrained()``.
  func readEnded()

  /// The connection is gone; nothing follows. Called exactly once.
  func connectionClosed(_ reason: CloseReason)
}

/// Why a connection is not served.
public enum ConnectionRefusal: Hashable, Sendable {
  /// The server has as many connections as it may.
  case tooManyConnections(limit: Int)
  /// The peer's user has as many connections as one user may.
  case tooManyConnectionsOfUser(limit: Int)
}

/// A rule of the transport that a peer has broken.
public enum LineViolation: Hashable, Sendable {
  /// A line of more than `limit` bytes, which is skipped.
  case lineTooLong(limit: Int)
  /// All connections together hold as many bytes of lines as they may; this line is skipped.
  case lineMemoryExhausted(limit: Int)
  /// A line that did not end within four times the limit.
  case lineEndless(limit: Int)
  /// More than `limit` descriptors that no line has taken.
  case tooManyDescriptors(limit: Int)
  /// The kernel dropped descriptors: more in a message than ``descriptorsPerMessageLimit``, or none
  /// free in this process. Which line the others belong to is unknown.
  case descriptorsLost

  /// Whether the connection ends with it.
  public var isFatal: Bool {
    switch self {
    case .lineTooLong, .lineMemoryExhausted: false
    case .lineEndless, .tooManyDescriptors, .descriptorsLost: true
    }
  }
}

/// Why a connection has ended.
public enum CloseReason: Hashable, Sendable {
  /// The peer has closed it, or its process has ended.
  case peerClosed
  /// ``LineConnection/close()`` or ``LineConnection/closeWhenDrained()``.
  case serverClosed
  /// A fatal violation.
  case ruleBroken(LineViolation)
  /// The peer does not read what it is sent.
  case tooSlow(queuedBytes: Int)
  /// The deadline of ``LineServer/stop(within:completion:)`` passed before everything was sent.
  case stopped
  /// A system call failed.
  case failed(SocketError)
}

/// The limits of a ``LineServer``.
///
/// All memory that peers can make it hold follows from them.
public struct LineServerLimits: Sendable {
  /// Connections at once.
  public var connections: Int
  /// Connections at once of one user; lower than `connections`, so that nobody can lock others out.
  public var connectionsPerUser: Int
  /// Bytes in a line, without its newline.
  public var lineBytes: Int
  /// Bytes of unfinished lines (beyond the first 64 KiB of each connection) and of lines that are
  /// still being worked on, of all connections together.
  public var totalLineBytes: Int
  /// Descriptors of a connection that no line has taken yet.
  public var pendingDescriptors: Int
  /// While more bytes than this wait to be sent, nothing is read from the connection.
  public var softQueuedBytes: Int
  /// A line that would make more bytes than this wait ends the connection, unless it is the only one.
  public var hardQueuedBytes: Int

  public init(
    connections: Int = 64, connectionsPerUser: Int = 48, lineBytes: Int = 1 << 20,
    totalLineBytes: Int = 256 << 20, pendingDescriptors: Int = 16, softQueuedBytes: Int = 1 << 20,
    hardQueuedBytes: Int = 16 << 20
  ) {
    precondition(
      [
        connections, connectionsPerUser, lineBytes, totalLineBytes, pendingDescriptors,
        softQueuedBytes, hardQueuedBytes,
      ].allSatisfy { $0 > 0 }, "limits are positive")
    self.connections = connections
    self.connectionsPerUser = connectionsPerUser
    self.lineBytes = lineBytes
    self.totalLineBytes = totalLineBytes
    self.pendingDescriptors = pendingDescriptors
    self.softQueuedBytes = softQueuedBytes
    self.hardQueuedBytes = hardQueuedBytes
  }
}
