internal import CLinux
internal import Glibc
internal import Synchronization

/// The client's end of a connection to a ``LineServer``; its methods block.
///
/// One thread may send while another receives; two that do the same wait for each other. A client
/// that sends without ever receiving is held up, and in the end disconnected, by the server.
public final class LineClient: Sendable {
  private let descriptor: FileDescriptor
  /// Held while a line is sent, so that lines do not mix.
  private let output = Mutex(())
  private let input: Mutex<Input>

  private struct Input {
    var framer: LineFramer
    var hasEnded = false
  }

  private static let chunkSize = 65_536
  /// How often to try again, 10 ms apart, when the kernel takes no more descriptors.
  private static let refusalLimit = 500

  /// Connects to a listening socket.
  ///
  /// - Parameters:
  ///   - path: at most 107 bytes.
  ///   - timeout: how long to wait for a server that has no room for another waiting client.
  ///   - lineLimit: bytes of the longest line to receive.
  /// - Throws: ``SocketError``; ENOENT and ECONNREFUSED mean that no server is running.
  public init(
    connectingTo path: String, within timeout: Duration = .seconds(5), lineLimit: Int = 64 << 20
  ) throws(SocketError) {
    let address = try SocketAddress(path: path)
    descriptor = try makeStreamSocket(nonBlocking: true)
    input = Mutex(Input(framer: LineFramer(limit: lineLimit)))
    let deadline = ContinuousClock.now + timeout
    while true {
      let status = unsafe address.withPointer { unsafe connect(descriptor.rawValue, $0, $1) }
      if status == 0 { return }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // The queue of the listener is full, and the kernel offers nothing to wait for.
        guard ContinuousClock.now < deadline else { throw .timedOut }
        _ = usleep(10_000)
      default: throw .lastCall("connect", path: path)
      }
    }
  }

  /// Takes over one end of a connection that exists already.
  public init(
    adopting descriptor: consuming FileDescriptor, lineLimit: Int = 64 << 20
  )
    throws(SocketError)
  {
    try descriptor.setNonBlocking()
    self.descriptor = descriptor
    input = Mutex(Input(framer: LineFramer(limit: lineLimit)))
  }

  /// Who listens at the other end.
  public func peer() throws(SocketError) -> PeerCredentials {
    try PeerCredentials(of: descriptor)
  }

  /// Sends a line, and descriptors with it.
  ///
  /// - Parameters:
  ///   - line: without newlines; one is added.
  ///   - descriptors: the receiver gets copies of them; these are closed.
  ///   - timeout: how long the server may take none of it; `nil` waits for ever. After a timeout,
  ///     part of the line may be sent, so that the connection is of no use any more.
  /// - Throws: ``SocketError/closed`` and ``SocketError/timedOut``, among others.
  public func send(
    _ line: [UInt8], passing descriptors: consuming DescriptorQueue = DescriptorQueue(),
    within timeout: Duration? = nil
  ) throws(SocketError) {
    guard descriptors.count <= descriptorsPerMessageLimit else {
      throw .tooManyDescriptors(count: descriptors.count, limit: descriptorsPerMessageLimit)
    }
    let bytes = line + [0x0A]
    let numbers = descriptors.withNumbers { $0 }
    try output.withLock { _ throws(SocketError) in
      var sent = 0
      var refusals = 0
      while sent < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { bytes in
          unsafe sendMessage(
            to: descriptor.rawValue, UnsafeRawBufferPointer(rebasing: bytes[sent...]),
            descriptors: sent == 0 ? numbers : [], flags: Int32(MSG_DONTWAIT))
        }
        if count >= 0 {
          sent += count
          continue
        }
        switch errno {
        case EAGAIN, EWOULDBLOCK: try wait(for: Int16(POLLOUT), within: timeout)
        case EPIPE, ECONNRESET: throw .closed
        case ETOOMANYREFS where refusals < Self.refusalLimit:
          // Too many descriptors of this user are in flight: their receivers are behind.
          refusals += 1
          _ = usleep(10_000)
        default: throw .lastCall("sendmsg")
        }
      }
    }
    // The kernel holds its own references by now.
    _ = consume descriptors
  }

  /// Waits for the next line.
  ///
  /// - Parameter timeout: how long to wait for more bytes; `nil` waits for ever.
  /// - Returns: the line without its newline; `nil` when the server has closed the connection.
  /// - Throws: ``SocketError/lineTooLong(limit:)`` and ``SocketError/timedOut``, among others.
  public func receiveLine(within timeout: Duration? = nil) throws(SocketError) -> [UInt8]? {
    try input.withLock { input throws(SocketError) in
      while true {
        switch input.framer.next() {
        case .line(let line): return line
        case .tooLong, .endless: throw .lineTooLong(limit: input.framer.limit)
        case nil: break
        }
        if input.hasEnded { return input.framer.finish() }
        try receiveBytes(&input, within: timeout)
      }
    }
  }

  /// Tells the server that no more lines will come; answers can still be received.
  public func finishWriting() {
    _ = shutdown(descriptor.rawValue, Int32(SHUT_WR))
  }

  /// Ends the connection; threads that wait in ``receiveLine(within:)`` get `nil`.
  public func close() {
    _ = shutdown(descriptor.rawValue, Int32(SHUT_RDWR))
  }

  private func receiveBytes(_ input: inout Input, within timeout: Duration?) throws(SocketError) {
    var chunk = [UInt8](repeating: 0, count: Self.chunkSize)
    while true {
      let count = retryingInterrupted {
        unsafe recv(descriptor.rawValue, &chunk, chunk.count, Int32(MSG_DONTWAIT))
      }
      if count > 0 { return input.framer.append(chunk.span.extracting(..<count)) }
      if count == 0 || errno == ECONNRESET {
        input.hasEnded = true
        return
      }
      guard errno == EAGAIN || errno == EWOULDBLOCK else { throw .lastCall("recv") }
      try wait(for: Int16(POLLIN), within: timeout)
    }
  }

  private func wait(for events: Int16, within timeout: Duration?) throws(SocketError) {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while true {
      var request = pollfd(fd: descriptor.rawValue, events: events, revents: 0)
      let milliseconds = deadline.map { wholeMilliseconds(until: $0) } ?? -1
      let count = unsafe poll(&request, 1, milliseconds)
      if count > 0 { return }
      if count < 0 && errno != EINTR { throw .lastCall("poll") }
      if let deadline, ContinuousClock.now >= deadline { throw .timedOut }
    }
  }
}
