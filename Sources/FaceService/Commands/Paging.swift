internal import FaceStore
internal import WireProtocol

/// Which part of a list a request asks for, and how the answer says where to go on.
struct RequestedPage: Sendable {
  let request: PageRequest
  private let query: [UInt8]
  private let tokens: PageTokens

  fileprivate init(request: PageRequest, query: [UInt8], tokens: PageTokens) {
    self.request = request
    self.query = query
    self.tokens = tokens
  }

  /// The `NextToken` of an answer; `nil` at the end of the list.
  func token(_ next: PageCursor?) -> String? {
    next.map { tokens.token(cursor: $0.bytes, query: query) }
  }
}

extension Service {
  /// Reads `MaxResults` and `NextToken`.
  ///
  /// The token is bound to the method and to all other parameters; asking for more or less a page
  /// is the only change that it allows.
  func page(
    _ parameters: Parameters, of method: String, sizes: ClosedRange<Int64>, defaultSize: Int
  ) throws -> RequestedPage {
    let size = try parameters.integer("MaxResults", in: sizes, default: defaultSize)
    var conditions = parameters.all
    for name in ["MaxResults", "NextToken", "WithTotalCount"] { conditions[name] = nil }
    let query = Array(method.utf8) + [0] + (try LineCodec.content(JSONValue.object(conditions)))
    var cursor: PageCursor?
    if let token = try parameters.string("NextToken", limit: 4096), !token.isEmpty {
      guard let bytes = pageTokens.cursor(of: token, query: query),
        let decoded = PageCursor(bytes: bytes)
      else {
        throw WireError(
          .invalidParameter, "NextToken does not continue this query.", field: "NextToken",
          hint: "Repeat the query that gave the token with the same parameters, or start anew "
            + "without a token.")
      }
      cursor = decoded
    }
    return RequestedPage(
      request: .after(cursor, count: size), query: query, tokens: pageTokens)
  }
}
