internal import Dispatch
public import WireProtocol

/// A connection to figured that any number of threads and tasks may use at a time.
///
/// ```swift
/// let client = try FaceClient.connect()
/// let status = try client.call(.status)                      // blocks
/// let people = try await client.call(.figureClusters())      // suspends
/// let answers = try paths.map { try client.start(.insertMedia(OpenFile(path: $0), name: $0)) }
/// let media = try answers.map { try $0.wait() }              // many in flight
/// ```
///
/// Requests beyond the daemon's limit wait here until others have been answered. The connection is
/// closed when the client and the answers that it owes are no longer referred to.
public final class FaceClient: Sendable {
  /// The version of the protocol that this client speaks, `major.minor`.
  ///
  /// Another minor version fits; another major version does not.
  public static let protocolVersion = "1.0"

  /// What the daemon said when it greeted.
  public let hello: Hello
  let exchange: Exchange

  private init(hello: Hello, exchange: Exchange) {
    self.hello = hello
    self.exchange = exchange
  }

  deinit { exchange.end(.connectionLost(reason: "this program closed it")) }

  /// Connects and waits for the daemon's greeting; blocks.
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - path: the daemon's socket.
  ///   - timeout: for connecting and for the greeting, each.
  /// - Returns: a client whose daemon has greeted.
  /// - Throws: why there is none.
  public static func connect(
    path: String = SocketPath.standard, timeout: Duration = .seconds(10)
  ) throws(ClientError) -> FaceClient {
    let (connection, hello) = try connectToDaemon(path: path, timeout: timeout)
    guard majorVersion(hello.protocolVersion) == majorVersion(protocolVersion) else {
      throw .versionMismatch(daemon: hello.protocolVersion, client: protocolVersion)
    }
    return FaceClient(hello: hello, exchange: Exchange(connection, limits: hello.limits))
  }

  /// Connects without blocking the calling task's thread.
  ///
  /// Maturity: stable.
  public static func connect(
    path: String = SocketPath.standard, timeout: Duration = .seconds(10)
  ) async throws(ClientError) -> FaceClient {
    let result: Result<FaceClient, ClientError> = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let result = Result { () throws(ClientError) in
          try FaceClient.connect(path: path, timeout: timeout)
        }
        continuation.resume(returning: result)
      }
    }
    return try result.get()
  }

  /// Hands a request over and returns; the answer can be waited for later.
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - request: what to ask.
  ///   - progress: called on the client's own thread whenever the daemon reports how far the task
  ///     behind the request has come. It must be quick and must not wait for an answer.
  /// - Returns: the answer that will come.
  /// - Throws: why the request cannot be sent.
  public func start<Body>(
    _ request: FaceRequest<Body>,
    progress: (@Sendable (ProgressNotification) -> Void)? = nil
  ) throws(ClientError) -> PendingAnswer<Body> {
    let settlement = Settlement()
    let identifier = try exchange.submit(request, settlement: settlement, progress: progress)
    return PendingAnswer(
      client: self, identifier: identifier, settlement: settlement, request: request)
  }

  /// Asks and blocks until the answer is there.
  ///
  /// Maturity: stable.
  @discardableResult
  public func call<Body>(
    _ request: FaceRequest<Body>,
    progress: (@Sendable (ProgressNotification) -> Void)? = nil
  ) throws(ClientError) -> Body {
    try start(request, progress: progress).wait()
  }

  /// Asks and suspends until the answer is there.
  ///
  /// Maturity: stable.
  ///
  /// Cancelling the task cancels the request.
  @discardableResult
  public func call<Body>(
    _ request: FaceRequest<Body>,
    progress: (@Sendable (ProgressNotification) -> Void)? = nil
  ) async throws(ClientError) -> Body {
    try await start(request, progress: progress).value
  }

  /// Asks for any method by its name and blocks until the answer is there.
  ///
  /// Maturity: stable.
  public func call<Body: Decodable & Sendable>(
    _ method: String, _ parameters: [String: JSONValue] = [:], as body: Body.Type
  ) throws(ClientError) -> Body {
    try call(FaceRequest(method, parameters, as: body))
  }

  /// Closes the connection; requests that are not answered yet fail.
  ///
  /// Maturity: stable.
  public func close() { exchange.end(.connectionLost(reason: "this program closed it")) }

  private static func majorVersion(_ version: String) -> Substring {
    version.prefix { $0 != "." }
  }
}
