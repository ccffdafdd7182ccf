/// What a client calls a request: JSON-RPC allows a string or a number.
public enum RequestIdentifier: Hashable, Sendable {
  case integer(Int64)
  case string(String)

  /// `nil` for any other kind of value.
  public init?(_ value: JSONValue) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .string(let text): self = .string(text)
    default: return nil
    }
  }
}

extension RequestIdentifier: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int64.self) {
      self = .integer(number)
    } else {
      self = .string(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let number): try container.encode(number)
    case .string(let text): try container.encode(text)
    }
  }
}

/// One line from a client, read and checked as far as its envelope goes.
public struct Request: Equatable, Sendable {
  /// `nil` makes it a notification, which is never answered.
  public let id: RequestIdentifier?
  public let method: String
  public let parameters: [String: JSONValue]

  public init(id: RequestIdentifier?, method: String, parameters: [String: JSONValue]) {
    self.id = id
    self.method = method
    self.parameters = parameters
  }

  /// A line that is no request, with its id where one could be read.
  public struct Malformed: Error, Equatable, Sendable {
    public let id: RequestIdentifier?
    public let error: WireError
  }

  /// Reads one line without its newline.
  public init(line: [UInt8]) throws(Malformed) {
    let value: JSONValue
    do {
      value = try JSONParser.parse(line)
    } catch {
      throw Malformed(id: nil, error: WireError(.parseError, "The line is not JSON: \(error)."))
    }
    func refused(_ reason: String, id: RequestIdentifier? = nil) -> Malformed {
      Malformed(id: id, error: WireError(.invalidRequest, reason))
    }
    guard case .object(let members) = value else {
      throw refused(
        "A request is one JSON object, not \(value.typeName); "
          + "instead of a batch, send several lines.")
    }
    var id: RequestIdentifier?
    if let given = members["id"], given != .null {
      guard let identifier = RequestIdentifier(given) else {
        throw refused("id must be a string or an integer, not \(given.typeName).")
      }
      id = identifier
    }
    guard members["jsonrpc"] == .string("2.0") else {
      throw refused("jsonrpc must be \"2.0\".", id: id)
    }
    guard case .string(let method)? = members["method"] else {
      throw refused("method must be a string.", id: id)
    }
    for name in members.keys where !["jsonrpc", "id", "method", "params"].contains(name) {
      throw refused("A request has jsonrpc, id, method and params, not \"\(name)\".", id: id)
    }
    switch members["params"] {
    case nil, .null?: parameters = [:]
    case .object(let given)?: parameters = given
    case let other?: throw refused("params must be an object, not \(other.typeName).", id: id)
    }
    self.id = id
    self.method = method
  }
}

/// A request as a client writes it.
public struct OutgoingRequest<Parameters: Encodable>: Encodable {
  let jsonrpc = "2.0"
  let id: RequestIdentifier?
  let method: String
  let params: Parameters

  public init(id: RequestIdentifier?, method: String, params: Parameters) {
    self.id = id
    self.method = method
    self.params = params
  }
}

/// An answer as the daemon writes it.
public struct OutgoingResponse<Result: Encodable>: Encodable {
  let jsonrpc = "2.0"
  let id: RequestIdentifier
  let result: Result

  public init(id: RequestIdentifier, result: Result) {
    self.id = id
    self.result = result
  }
}

/// A refusal as the daemon writes it; `id` is null where the request's could not be read.
public struct OutgoingError: Encodable {
  let id: RequestIdentifier?
  let error: WireError

  public init(id: RequestIdentifier?, error: WireError) {
    self.id = id
    self.error = error
  }

  private enum CodingKeys: String, CodingKey { case jsonrpc, id, error }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("2.0", forKey: .jsonrpc)
    try container.encode(id, forKey: .id)
    try container.encode(error, forKey: .error)
  }
}

/// What the daemon sends unasked: the greeting, and progress.
public struct OutgoingNotification<Parameters: Encodable>: Encodable {
  let jsonrpc = "2.0"
  let method: String
  let params: Parameters

  public init(method: String, params: Parameters) {
    self.method = method
    self.params = params
  }
}
