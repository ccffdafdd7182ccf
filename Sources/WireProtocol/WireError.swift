/// The `error` member of an answer.
public struct WireError: Error, Equatable, Sendable {
  public let code: ErrorCode
  /// A sentence for a person: what went wrong, with the value, and what would be right.
  public let message: String
  /// The parameter at fault, as a path: `FigureCluster.Name`.
  public let field: String?
  /// What to do next.
  public let hint: String?
  public let requestID: String?

  public init(
    _ code: ErrorCode, _ message: String, field: String? = nil, hint: String? = nil,
    requestID: String? = nil
  ) {
    self.code = code
    self.message = message
    self.field = field
    self.hint = hint
    self.requestID = requestID
  }

  /// The same error as an answer to the request `requestID`.
  public func answering(_ requestID: String) -> WireError {
    WireError(code, message, field: field, hint: hint, requestID: requestID)
  }
}

extension WireError: CustomStringConvertible {
  public var description: String {
    "\(message) (\(code.rawValue)\(field.map { ", \($0)" } ?? ""))" + (hint.map { "\n\($0)" } ?? "")
  }
}

extension WireError: Codable {
  private struct Details: Codable {
    let code: String
    let field: String?
    let hint: String?
    let requestID: String?
    let retryable: Bool

    enum CodingKeys: String, CodingKey {
      case code = "Code"
      case field = "Field"
      case hint = "Hint"
      case requestID = "RequestId"
      case retryable = "Retryable"
    }
  }

  private enum CodingKeys: String, CodingKey { case code, message, data }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let details = try container.decodeIfPresent(Details.self, forKey: .data)
    // A code newer than this client is still an error that it can show.
    code = details.flatMap { ErrorCode(rawValue: $0.code) } ?? .internalError
    message = try container.decode(String.self, forKey: .message)
    field = details?.field
    hint = details?.hint
    requestID = details?.requestID
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(code.number, forKey: .code)
    try container.encode(message, forKey: .message)
    let details = Details(
      code: code.rawValue, field: field, hint: hint, requestID: requestID,
      retryable: code.isRetryable)
    try container.encode(details, forKey: .data)
  }
}
