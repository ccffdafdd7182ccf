public import WireProtocol

/// One request to the daemon: a method, its parameters and the type of its result.
///
/// Requests are values. The typed ones are static members, so that a call reads
/// `client.call(.status)`; any other method can be named as text.
public struct FaceRequest<Body: Sendable>: Sendable {
  /// How long an answer may take unless a request says otherwise.
  public static var standardTimeout: Duration { .seconds(120) }

  public let method: String
  public var parameters: [String: JSONValue]
  /// Files that travel with the request; parameters name them by their index, as `fd:0`.
  public var files: [OpenFile]
  /// How long to wait for the answer; `nil` waits as long as it takes.
  public var timeout: Duration?

  let read: @Sendable (_ line: [UInt8]) throws -> Body

  /// A method by its name, whose result is decoded as `Body`.
  ///
  /// Maturity: stable.
  public init(
    _ method: String, _ parameters: [String: JSONValue] = [:], files: [OpenFile] = [],
    timeout: Duration? = standardTimeout, as body: Body.Type = Body.self
  ) where Body: Decodable {
    self.init(method, parameters, files: files, timeout: timeout) { line in
      try LineCodec.decode(ResultLine<Body>.self, from: line).result
    }
  }

  private init(
    _ method: String, _ parameters: [String: JSONValue], files: [OpenFile], timeout: Duration?,
    read: @escaping @Sendable (_ line: [UInt8]) throws -> Body
  ) {
    self.method = method
    self.parameters = parameters
    self.files = files
    self.timeout = timeout
    self.read = read
  }

  /// The same request, whose result is wanted as it stands on the wire.
  ///
  /// Maturity: stable.
  public var raw: FaceRequest<JSONValue> { reading(rawResult(of:)) }

  /// The same request, whose result is wanted both decoded and as it stands on the wire.
  ///
  /// Maturity: stable.
  public var withRaw: FaceRequest<(body: Body, raw: JSONValue)> {
    reading { [read] line in (try read(line), try rawResult(of: line)) }
  }

  private func reading<Other>(
    _ read: @escaping @Sendable (_ line: [UInt8]) throws -> Other
  ) -> FaceRequest<Other> {
    FaceRequest<Other>(method, parameters, files: files, timeout: timeout, read: read)
  }
}

extension FaceRequest where Body == JSONValue {
  /// A method by its name, whose result is wanted as it stands on the wire.
  ///
  /// Maturity: stable.
  public static func raw(
    _ method: String, _ parameters: [String: JSONValue] = [:], files: [OpenFile] = [],
    timeout: Duration? = standardTimeout
  ) -> FaceRequest<JSONValue> {
    FaceRequest<EmptyResult>(method, parameters, files: files, timeout: timeout).raw
  }
}

extension JSONValue {
  /// A list of texts.
  static func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}

private struct ResultLine<Body: Decodable>: Decodable {
  let result: Body
}

private func rawResult(of line: [UInt8]) throws -> JSONValue {
  guard let result = try JSONParser.parse(line)["result"] else {
    throw ClientError.protocolViolation("an answer without a result")
  }
  return result
}
