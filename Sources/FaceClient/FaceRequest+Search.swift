public import WireProtocol

extension FaceRequest where Body == SearchMediaResult {
  /// The media that fulfil a Match (SearchMedia).
  ///
  /// Maturity: new.
  ///
  /// - Parameters:
  ///   - match: in the language that PROTOCOL.md describes; everything if `nil`.
  ///   - sortBy: such as `utcCreate:Desc`, several with commas; the latest first if `nil`.
  ///   - library: where to search.
  ///   - page: from 1; means nothing with a token.
  ///   - pageSize: 1…50.
  ///   - scrollToken: from the page before.
  /// - Returns: the request.
  public static func searchMedia(
    match: String? = nil, sortBy: String? = nil, library: String = LibraryName.standard,
    page: Int = 1, pageSize: Int = 10, scrollToken: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "SearchLibName": .string(library), "PageNo": .integer(Int64(page)),
      "PageSize": .integer(Int64(pageSize)),
    ]
    if let match { parameters["Match"] = .string(match) }
    if let sortBy { parameters["SortBy"] = .string(sortBy) }
    if let scrollToken { parameters["ScrollToken"] = .string(scrollToken) }
    return Self("SearchMedia", parameters)
  }
}

extension FaceRequest where Body == SearchMediaByHybridResult {
  /// The media that a line of words is about, best first (SearchMediaByHybrid).
  ///
  /// Maturity: new.
  ///
  /// - Parameters:
  ///   - text: in English or Chinese.
  ///   - library: where to search.
  ///   - page: from 1.
  ///   - pageSize: 1…50.
  /// - Returns: the request.
  public static func searchMediaByHybrid(
    _ text: String, library: String = LibraryName.standard, page: Int = 1, pageSize: Int = 10
  ) -> Self {
    Self(
      "SearchMediaByHybrid",
      [
        "Text": .string(text), "SearchLibName": .string(library),
        "PageNo": .integer(Int64(page)), "PageSize": .integer(Int64(pageSize)),
      ])
  }
}

extension FaceRequest where Body == BatchMediaResult {
  /// Several media at once (BatchGetMediaInfos).
  ///
  /// Maturity: new.
  ///
  /// - Parameter mediaIDs: at most 100; those that do not exist are named in the answer.
  /// - Returns: the request.
  public static func media(_ mediaIDs: [String]) -> Self {
    Self("BatchGetMediaInfos", ["MediaIds": .array(mediaIDs.map { .string($0) })])
  }
}
