internal import Glibc

/// An open file, closed exactly once: when the value goes out of scope.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The number, valid as long as the value lives.
  public let rawValue: Int32

  /// Takes over an open descriptor.
  ///
  /// - Precondition: `rawValue` is not negative and nobody else closes it.
  public init(owning rawValue: Int32) {
    precondition(rawValue >= 0, "a descriptor is not negative")
    self.rawValue = rawValue
  }

  deinit {
    // Linux frees the number even when it reports EINTR; closing again could hit somebody else's.
    _ = Glibc.close(rawValue)
  }

  /// Gives the descriptor away unclosed; the caller closes it.
  public consuming func release() -> Int32 {
    let released = rawValue
    discard self
    return released
  }

  /// A second descriptor of the same open file, closed on `exec`.
  public borrowing func duplicate() throws(SocketError) -> FileDescriptor {
    let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw .lastCall("fcntl") }
    return FileDescriptor(owning: copy)
  }

  borrowing func setNonBlocking() throws(SocketError) {
    let flags = fcntl(rawValue, F_GETFL)
    guard flags >= 0, fcntl(rawValue, F_SETFL, flags | O_NONBLOCK) == 0 else {
      throw .lastCall("fcntl")
    }
  }
}

/// Descriptors on their way from or to another process, first in, first out.
///
/// Those that nobody takes are closed with the queue.
public struct DescriptorQueue: ~Copyable, Sendable {
  private var numbers: [Int32] = []

  public init() {}

  deinit {
    for number in numbers { _ = Glibc.close(number) }
  }

  public var count: Int { numbers.count }
  public var isEmpty: Bool { numbers.isEmpty }

  /// Puts a descriptor at the end.
  public mutating func append(_ descriptor: consuming FileDescriptor) {
    numbers.append(descriptor.release())
  }

  /// The descriptor that came first; `nil` if none is left.
  public mutating func take() -> FileDescriptor? {
    guard !numbers.isEmpty else { return nil }
    return FileDescriptor(owning: numbers.removeFirst())
  }

  /// Closes all.
  public mutating func removeAll() {
    for number in numbers { _ = Glibc.close(number) }
    numbers = []
  }

  /// Calls `body` with the numbers, which stay owned by the queue.
  borrowing func withNumbers<Result, Failure: Error>(
    _ body: ([Int32]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(numbers)
  }
}
