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

/// Where a list goes on that is made as a whole for each page: how many elements were read.
struct RequestedOffset: Sendable {
  let offset: Int
  let count: Int
  private let query: [UInt8]
  private let tokens: PageTokens

  fileprivate init(offset: Int, count: Int, query: [UInt8], tokens: PageTokens) {
    self.offset = offset
    self.count = count
    self.query = query
    self.tokens = tokens
  }

  /// The part of a list that is asked for, and the `NextToken` of the answer.
  func part<Element>(of list: [Element]) -> (elements: ArraySlice<Element>, nextToken: String?) {
    let part = list.dropFirst(offset).prefix(count)
    let end = offset + part.count
    guard !part.isEmpty, end < list.count else { return (part, nil) }
    return (part, tokens.token(cursor: Array("\(end)".utf8), query: query))
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
    let (query, cursor) = try continuation(parameters, of: method) { PageCursor(bytes: $0) }
    return RequestedPage(
      request: .after(cursor, count: size), query: query, tokens: pageTokens)
  }

  /// As ``page(_:of:sizes:defaultSize:)``, for a list that is made as a whole.
  func offset(
    _ parameters: Parameters, of method: String, sizes: ClosedRange<Int64>, defaultSize: Int
  ) throws -> RequestedOffset {
    let size = try parameters.integer("MaxResults", in: sizes, default: defaultSize)
    let (query, offset) = try continuation(parameters, of: method) {
      Int(String(decoding: $0, as: UTF8.self))
    }
    return RequestedOffset(offset: offset ?? 0, count: size, query: query, tokens: pageTokens)
  }

  /// The query that a token must belong to, and the place that it names.
  private func continuation<Place>(
    _ parameters: Parameters, of method: String, read: ([UInt8]) -> Place?
  ) throws -> (query: [UInt8], place: Place?) {
    var conditions = parameters.all
    for name in ["MaxResults", "NextToken", "WithTotalCount"] { conditions[name] = nil }
    let query = Array(method.utf8) + [0] + (try LineCodec.content(JSONValue.object(conditions)))
    guard let token = try parameters.string("NextToken", limit: 4096), !token.isEmpty else {
      return (query, nil)
    }
    guard let place = pageTokens.cursor(of: token, query: query).flatMap(read) else {
      throw WireError(
        .invalidParameter, "NextToken does not continue this query.", field: "NextToken",
        hint: "Repeat the query that gave the token with the same parameters, or start anew "
          + "without a token.")
    }
    return (query, place)
  }
}
