internal import ContentHash
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Answers a request that carries a ClientToken once: the same request with the same token is given
/// the same answer, and nothing happens again.
struct AnswerMemory: Sendable {
  /// How long an answer is kept, in milliseconds: a day.
  private static let lifetime: Int64 = 86_400_000

  private let token: String
  private let scope: String
  private let digest: [UInt8]
  private let now: Timestamp

  /// `nil` for a request without a token.
  init?(_ parameters: Parameters, method: String, _ context: RequestContext) throws {
    guard let token = try parameters.string("ClientToken", limit: 64), !token.isEmpty else {
      return nil
    }
    var members = parameters.all
    members["ClientToken"] = nil
    self.token = token
    digest = SHA256Digest(of: try LineCodec.content(JSONValue.object(members))).bytes
    scope = "\(context.caller.userID) \(method)"
    now = Timestamp.systemNow()
  }

  /// What the same request was answered; `nil` if it is the first.
  ///
  /// - Parameters:
  ///   - type: of the answer.
  ///   - store: where answers are kept.
  /// - Returns: the answer.
  /// - Throws: ``ErrorCode/clientTokenConflict`` if the token came with another request.
  func answer<Answer: Decodable>(
    _ type: Answer.Type, _ store: FaceStore
  ) throws -> Answer? {
    guard let known = try store.read({ try $0.result(ofToken: token, scope: scope, at: now) })
    else { return nil }
    guard known.requestDigest == digest else {
      throw WireError(
        .clientTokenConflict, "The ClientToken belongs to another request.",
        field: "ClientToken", hint: "Use a new token for a new request.")
    }
    return try LineCodec.decode(Answer.self, from: known.result)
  }

  /// Keeps the answer.
  func keep(_ answer: some Encodable, _ store: FaceStore) throws {
    let remembered = RememberedResult(
      requestDigest: digest, result: try LineCodec.content(answer),
      expires: Timestamp(milliseconds: now.milliseconds + Self.lifetime))
    try store.write { transaction in
      try transaction.forgetExpiredResults()
      _ = try transaction.remember(remembered, token: token, scope: scope)
    }
  }
}
