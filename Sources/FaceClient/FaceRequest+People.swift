public import WireProtocol

extension FaceRequest where Body == ExplainFigureResult {
  /// Why a face is in its cluster, or not in another one (ExplainFigure).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - figureID: the face.
  ///   - clusterID: the person it is not with, or may be; `nil` compares with the next best one.
  /// - Returns: the request.
  public static func explainFigure(_ figureID: String, in clusterID: String? = nil) -> Self {
    var parameters: [String: JSONValue] = ["FigureId": .string(figureID)]
    parameters["FigureClusterId"] = clusterID.map { .string($0) }
    return Self("ExplainFigure", parameters)
  }
}

extension FaceRequest where Body == ListSuggestionsResult {
  /// The questions whose answers would settle most (ListFigureClusterSuggestions).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: about whose people.
  ///   - kind: only such questions; `nil` asks for all kinds.
  ///   - count: 1…100, how many at most.
  /// - Returns: the request.
  public static func suggestions(
    library: String = LibraryName.standard, kind: SuggestionMessage.Kind? = nil, count: Int = 20
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "SearchLibName": .string(library), "MaxResults": .integer(Int64(count)),
    ]
    parameters["Kind"] = kind.map { .string($0.rawValue) }
    return Self("ListFigureClusterSuggestions", parameters)
  }
}

extension FaceRequest where Body == CurationResult {
  /// Answers a question, so that it is never asked again (AnswerFigureClusterSuggestion).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - suggestion: the question, as ``suggestions(library:kind:count:)`` brought it.
  ///   - answer: whether both sides show one person.
  ///   - isRehearsal: answers what would happen, and changes nothing.
  /// - Returns: the request.
  public static func answer(
    _ suggestion: SuggestionMessage, _ answer: SuggestionMessage.Answer, isRehearsal: Bool = false
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "Kind": .string(suggestion.kind.rawValue), "ObjectIds": .strings(suggestion.objectIDs),
      "Answer": .string(answer.rawValue), "DryRun": .boolean(isRehearsal),
    ]
    if !suggestion.figureIDs.isEmpty { parameters["FigureIds"] = .strings(suggestion.figureIDs) }
    return Self("AnswerFigureClusterSuggestion", parameters)
  }
}

extension FaceRequest where Body == ExportPeopleResult {
  /// A part of a library's people as records that need no model and no identifier of this library
  /// to be understood (ExportPeople).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: whose people.
  ///   - pageSize: 1…1000.
  ///   - nextToken: from the part before.
  /// - Returns: the request.
  public static func exportPeople(
    library: String = LibraryName.standard, pageSize: Int = 1000, nextToken: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "SearchLibName": .string(library), "MaxResults": .integer(Int64(pageSize)),
    ]
    parameters["NextToken"] = nextToken.map { .string($0) }
    return Self("ExportPeople", parameters)
  }
}

extension FaceRequest where Body == ImportPeopleResult {
  /// Brings people into a library that has photographs of them, in one event (ImportPeople).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - file: one record of ``exportPeople(library:pageSize:nextToken:)`` a line.
  ///   - library: that they go to.
  ///   - isRehearsal: answers what would happen, and changes nothing.
  /// - Returns: the request.
  public static func importPeople(
    from file: OpenFile, library: String = LibraryName.standard, isRehearsal: Bool = false
  ) -> Self {
    Self(
      "ImportPeople",
      [
        "SearchLibName": .string(library), "Input": ["Fd": 0], "DryRun": .boolean(isRehearsal),
      ], files: [file], timeout: nil)
  }
}
