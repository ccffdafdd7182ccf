import FaceClient
import Foundation
import Testing
import WireProtocol

/// What the reference pages state of the five operations, one case each, through the socket.
@Suite struct ConformanceTests {
  /// A request that must be refused, with the code and the field that the refusal names.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let method: String
    let parameters: String
    var code = ErrorCode.invalidParameter
    /// `nil` where the refusal is of what the parameter names.
    let field: String?

    var testDescription: String { "\(method) \(parameters)" }
  }

  /// A request that must be answered, with members that the answer must have.
  struct Answer: Sendable, CustomTestStringConvertible {
    let method: String
    let parameters: String
    var members: [String] = []
    var absent: [String] = []

    var testDescription: String { "\(method) \(parameters)" }
  }

  private static let photograph = DemoLibrary.path("p01_01.jpg")
  private static let nobody = String(repeating: "0", count: 32)

  private static let pagedMethods = [
    ("SearchMedia", ""), ("SearchMediaByFace", "\"PersonImageUrl\": \"\(photograph)\", "),
    ("SearchMediaByHybrid", "\"Text\": \"photo\", "),
    ("SearchMediaClipByFace", "\"FaceSearchToken\": \"t\", \"MediaId\": \"\(nobody)\", "),
    ("SearchMediaByAILabel", "\"Text\": \"a\", "),
  ]

  /// PageNo from 1; PageSize 1 to 50; names of libraries; UtcCreate; CustomFilters.
  private static let sharedRefusals: [Refusal] = pagedMethods.flatMap { method, required in
    [
      ("\"PageNo\": 0", "PageNo"), ("\"PageNo\": -1", "PageNo"), ("\"PageNo\": \"1\"", "PageNo"),
      ("\"PageNo\": 1.5", "PageNo"), ("\"PageSize\": 0", "PageSize"),
      ("\"PageSize\": 51", "PageSize"), ("\"PageSize\": true", "PageSize"),
      ("\"SearchLibName\": 5", "SearchLibName"),
    ].map { Refusal(method: method, parameters: "{\(required)\($0)}", field: $1) }
  }

  private static let filteredRefusals: [Refusal] = [
    ("SearchMedia", ""), ("SearchMediaByFace", "\"PersonImageUrl\": \"\(photograph)\", "),
    ("SearchMediaByHybrid", "\"Text\": \"photo\", "),
  ].flatMap { method, required in
    [
      ("\"MediaType\": \"audio\"", "MediaType"), ("\"UtcCreate\": \"soon\"", "UtcCreate"),
      ("\"UtcCreate\": {\"gte\": \"x\"}", "UtcCreate.gte"),
      ("\"CustomFilters\": \"{\"", "CustomFilters"), ("\"CustomFilters\": 3", "CustomFilters"),
      ("\"CustomFilters\": {\"intField1\": []}", "CustomFilters.intField1"),
      ("\"CustomFilters\": {\"intField1\": {}}", "CustomFilters.intField1"),
      ("\"CustomFilters\": {\"intField1\": true}", "CustomFilters.intField1"),
      ("\"Namespace\": 4", "Namespace"),
    ].map { Refusal(method: method, parameters: "{\(required)\($0)}", field: $1) }
      + [
        Refusal(
          method: method, parameters: "{\(required)\"UtcCreate\": {\"gt\": 1}}",
          code: .unknownParameter, field: "UtcCreate.gt"),
        Refusal(
          method: method, parameters: "{\(required)\"SearchLibName\": \"nowhere\"}",
          code: .resourceNotFound, field: "SearchLibName"),
        Refusal(
          method: method, parameters: "{\(required)\"Pagesize\": 3}", code: .unknownParameter,
          field: "Pagesize"),
      ]
  }

  private static let ownRefusals: [Refusal] = [
    .init(method: "SearchMedia", parameters: "{\"SortBy\": \"beauty:Desc\"}", field: "SortBy"),
    .init(method: "SearchMedia", parameters: "{\"SortBy\": \"title:Down\"}", field: "SortBy"),
    .init(method: "SearchMedia", parameters: "{\"SortBy\": \"title:Asc:x\"}", field: "SortBy"),
    .init(method: "SearchMedia", parameters: "{\"Match\": \"a\"}", field: "Match"),
    .init(
      method: "SearchMedia", parameters: "{\"Match\": \"utcCreate = 'x'\"}", field: "Match"),
    .init(
      method: "SearchMedia", parameters: "{\"ScrollToken\": \"\(nobody)\"}", field: "ScrollToken"),
    .init(
      method: "SearchMedia", parameters: "{\"EntityId\": \"\(nobody)\"}", code: .resourceNotFound,
      field: "EntityId"),
    .init(
      method: "SearchMediaByFace", parameters: "{}", code: .missingParameter,
      field: "PersonImageUrl"),
    .init(
      method: "SearchMediaByFace", parameters: "{\"PersonImageUrl\": \"http://x/y.jpg\"}",
      field: "PersonImageUrl"),
    .init(
      method: "SearchMediaByFace", parameters: "{\"PersonImageUrl\": \"/no/such.jpg\"}",
      code: .imageUnreadable, field: nil),
    .init(
      method: "SearchMediaByFace", parameters: "{\"FaceSearchToken\": \"never seen\"}",
      code: .tokenExpired, field: "FaceSearchToken"),
    .init(
      method: "SearchMediaByFace",
      parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"FigureIndex\": 200}",
      field: "FigureIndex"),
    .init(
      method: "SearchMediaByFace",
      parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"FalseAcceptRate\": 0.5}",
      field: "FalseAcceptRate"),
    .init(
      method: "SearchMediaByFace",
      parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"MinScore\": 2}", field: "MinScore"),
    .init(
      method: "SearchMediaByFace",
      parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"EntityId\": \"\(nobody)\"}",
      code: .resourceNotFound, field: "EntityId"),
    .init(
      method: "SearchMediaByFace", parameters: "{\"FigureIds\": [\"x\"]}", field: "FigureIds"),
    .init(
      method: "SearchMediaByFace",
      parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"FacePosition\": {\"X\": 0, \"Y\": 0}}",
      field: "FacePosition"),
    .init(
      method: "SearchMediaClipByFace", parameters: "{\"MediaId\": \"\(nobody)\"}",
      code: .missingParameter, field: "FaceSearchToken"),
    .init(
      method: "SearchMediaClipByFace", parameters: "{\"FaceSearchToken\": \"t\"}",
      code: .missingParameter, field: "MediaId"),
    .init(
      method: "SearchMediaClipByFace",
      parameters: "{\"FaceSearchToken\": \"t\", \"MediaId\": \"short\"}", field: "MediaId"),
    .init(
      method: "SearchMediaClipByFace",
      parameters: "{\"FaceSearchToken\": \"never\", \"MediaId\": \"\(nobody)\"}",
      code: .tokenExpired, field: "FaceSearchToken"),
    .init(
      method: "SearchMediaByHybrid", parameters: "{}", code: .missingParameter, field: "Text"),
    .init(method: "SearchMediaByHybrid", parameters: "{\"Text\": 5}", field: "Text"),
    .init(
      method: "SearchMediaByHybrid", parameters: "{\"MediaId\": \"\(nobody)\"}",
      code: .resourceNotFound, field: "MediaId"),
    .init(method: "QueryFigureClusters", parameters: "{\"Sort\": \"Beauty\"}", field: "Sort"),
    .init(method: "QueryFigureClusters", parameters: "{\"Sort\": \"imagecount\"}", field: "Sort"),
    .init(method: "QueryFigureClusters", parameters: "{\"Order\": \"ASC\"}", field: "Order"),
    .init(method: "QueryFigureClusters", parameters: "{\"MaxResults\": -1}", field: "MaxResults"),
    .init(method: "QueryFigureClusters", parameters: "{\"MaxResults\": 101}", field: "MaxResults"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"CustomLabels\": \"family\"}",
      field: "CustomLabels"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"CustomLabels\": \"=yes\"}",
      field: "CustomLabels"),
    .init(method: "QueryFigureClusters", parameters: "{\"NextToken\": \"x\"}", field: "NextToken"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"CreateTimeRange\": {\"Start\": \"now\"}}",
      field: "CreateTimeRange.Start"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"UpdateTimeRange\": {\"End\": 5}}",
      field: "UpdateTimeRange.End"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"UpdateTimeRange\": {\"From\": \"x\"}}",
      code: .unknownParameter, field: "UpdateTimeRange.From"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"WithTotalCount\": \"true\"}",
      field: "WithTotalCount"),
    .init(
      method: "QueryFigureClusters", parameters: "{\"DatasetName\": \"nowhere\"}",
      code: .resourceNotFound, field: "DatasetName"),
    .init(
      method: "SearchMediaByAILabel", parameters: "{}", code: .missingParameter, field: "Text"),
    .init(
      method: "SearchMediaByAILabel",
      parameters: "{\"Text\": \"a\", \"MultimodalSearchType\": \"Smell\"}",
      field: "MultimodalSearchType"),
    .init(
      method: "SearchMediaByAILabel", parameters: "{\"Text\": \"a\", \"MatchingMode\": \"exact\"}",
      field: "MatchingMode"),
    .init(
      method: "SearchMediaByAILabel", parameters: "{\"Text\": \"a\", \"SortBy\": \"title:Asc\"}",
      field: "SortBy"),
  ]

  @Test(arguments: sharedRefusals + filteredRefusals + ownRefusals)
  func refusesAndNamesTheField(_ refusal: Refusal) throws {
    let client = try ImportedLibrary.client()
    let parameters = try #require(try json(refusal.parameters).objectValue)
    #expect {
      try client.call(FaceRequest<JSONValue>.raw(refusal.method, parameters))
    } throws: { error in
      guard case .refused(let error)? = error as? ClientError else { return false }
      if error.code != refusal.code || error.field != refusal.field { print(error) }
      return error.code == refusal.code && error.field == refusal.field && !error.message.isEmpty
    }
  }

  private static let envelope = ["RequestId", "Success", "Code", "Total"]

  private static let answers: [Answer] =
    [
      .init(
        method: "SearchMedia", parameters: "{}",
        members: envelope + ["MediaInfoList", "ScrollToken"]),
      .init(method: "SearchMedia", parameters: "{\"Match\": \"\"}", members: envelope),
      .init(method: "SearchMedia", parameters: "{\"PageSize\": 50}", members: ["MediaInfoList"]),
      .init(method: "SearchMedia", parameters: "{\"PageSize\": 1}", members: ["MediaInfoList"]),
      .init(
        method: "SearchMedia", parameters: "{\"PageNo\": 200, \"PageSize\": 50}", members: envelope,
        absent: ["ScrollToken"]),
      .init(
        method: "SearchMedia", parameters: "{\"SortBy\": \"utcCreate:Desc,title:Asc\"}",
        members: envelope),
      .init(
        method: "SearchMedia", parameters: "{\"SortBy\": \"utcCreate:desc\"}", members: envelope),
      .init(method: "SearchMedia", parameters: "{\"EntityId\": \"\"}", members: envelope),
      .init(
        method: "SearchMedia",
        parameters:
          "{\"CustomFilters\": \"{\\\"intField1\\\":12,\\\"strField1\\\":\\\"abc\\\"}\"}",
        members: envelope),
      .init(
        method: "SearchMedia",
        parameters: "{\"CustomFilters\": {\"intField1\": [12, 13], \"strField1\": [\"a\", \"b\"]}}",
        members: envelope),
      .init(
        method: "SearchMedia", parameters: "{\"CustomFilters\": {\"intField1\": {\"lte\": 13}}}",
        members: envelope),
      .init(
        method: "SearchMedia",
        parameters: "{\"CustomFilters\": {\"strField1\": {\"gte\": \"a\", \"lte\": \"b\"}}}",
        members: envelope),
      .init(
        method: "SearchMedia", parameters: "{\"UtcCreate\": \"{\\\"gte\\\":1,\\\"lte\\\":2}\"}",
        members: envelope),
      .init(method: "SearchMedia", parameters: "{\"MediaType\": \"video\"}", members: envelope),
      .init(method: "SearchMedia", parameters: "{\"ProjectName\": \"any\"}", members: envelope),
      .init(method: "SearchMedia", parameters: "{\"DatasetName\": \"default\"}", members: envelope),
      .init(
        method: "SearchMediaByFace", parameters: "{\"PersonImageUrl\": \"\(photograph)\"}",
        members: envelope + [
          "MediaInfoList", "FaceSearchToken", "QueryFigure", "QueryFigureIndex", "QueryFigureCount",
        ]),
      .init(
        method: "SearchMediaByFace", parameters: "{\"PersonImageUrl\": \"file://\(photograph)\"}",
        members: envelope),
      .init(
        method: "SearchMediaByFace", parameters: "{\"PersonImageUrls\": [\"\(photograph)\"]}",
        members: envelope, absent: ["QueryFigure"]),
      .init(
        method: "SearchMediaByFace",
        parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"FalseAcceptRate\": 0.0001}",
        members: envelope),
      .init(
        method: "SearchMediaByFace",
        parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"MediaType\": \"image\"}",
        members: envelope),
      .init(
        method: "SearchMediaByFace",
        parameters: "{\"PersonImageUrl\": \"\(photograph)\", \"Match\": \"faces.count >= 1\"}",
        members: envelope),
      .init(
        method: "SearchMediaByHybrid", parameters: "{\"Text\": \"Two pandas fighting\"}",
        members: envelope + ["MediaList", "Query"]),
      .init(
        method: "SearchMediaByHybrid", parameters: "{\"Text\": \"photo\", \"PageSize\": 50}",
        members: envelope),
      .init(
        method: "SearchMediaByHybrid", parameters: "{\"Text\": \"视频\", \"MediaType\": \"video\"}",
        members: envelope),
      .init(
        method: "SearchMediaByAILabel",
        parameters: "{\"Text\": \"Ann\", \"MultimodalSearchType\": \"PersonName\"}",
        members: envelope + ["MediaList"]),
      .init(
        method: "SearchMediaByAILabel",
        parameters: "{\"Text\": \"a\", \"MatchingMode\": \"precise\", \"SpecificSearch\": true}",
        members: envelope),
      .init(
        method: "SearchMediaByAILabel",
        parameters: "{\"Text\": \"a\", \"SortBy\": \"CreationTime:Asc\"}", members: envelope),
      .init(
        method: "QueryFigureClusters", parameters: "{}", members: ["RequestId", "FigureClusters"],
        absent: ["TotalCount", "NextToken", "Success"]),
      .init(
        method: "QueryFigureClusters", parameters: "{\"WithTotalCount\": true}",
        members: ["TotalCount"]),
      .init(
        method: "QueryFigureClusters", parameters: "{\"MaxResults\": 3}",
        members: ["FigureClusters", "NextToken"]),
      .init(
        method: "QueryFigureClusters", parameters: "{\"MaxResults\": 0}",
        members: ["FigureClusters"]),
      .init(
        method: "QueryFigureClusters", parameters: "{\"MaxResults\": 100}",
        members: ["FigureClusters"]),
      .init(
        method: "QueryFigureClusters", parameters: "{\"CustomLabels\": \"key=value\"}",
        members: ["FigureClusters"]),
      .init(
        method: "QueryFigureClusters",
        parameters:
          "{\"CreateTimeRange\": {\"Start\": \"2020-01-01T00:00:00Z\", \"End\": \"2099-01-01T00:00:00Z\"}}",
        members: ["FigureClusters"]),
      .init(
        method: "QueryFigureClusters",
        parameters: "{\"UpdateTimeRange\": {\"Start\": \"2020-01-01T00:00:00+08:00\"}}",
        members: ["FigureClusters"]),
    ]
    + [
      "ImageCount", "VideoCount", "ProjectName", "DatasetName", "CreateTime", "UpdateTime",
      "Gender", "FaceCount", "GroupName", "Name",
    ].flatMap { sort in
      ["asc", "desc"].map { order in
        Answer(
          method: "QueryFigureClusters",
          parameters: "{\"Sort\": \"\(sort)\", \"Order\": \"\(order)\"}",
          members: ["RequestId", "FigureClusters"])
      }
    }

  @Test(arguments: answers)
  func answersInTheShapeOfThePage(_ answer: Answer) throws {
    let client = try ImportedLibrary.client()
    let parameters = try #require(try json(answer.parameters).objectValue)
    let result = try client.call(FaceRequest<JSONValue>.raw(answer.method, parameters))
    for member in answer.members { #expect(result[member] != nil, "\(member)") }
    for member in answer.absent { #expect(result[member] == nil, "\(member)") }
    if let success = result["Success"] { #expect(success == "true") }
    if let code = result["Code"] { #expect(code == "200") }
    let list = (result["MediaInfoList"] ?? result["MediaList"])?.arrayValue
    let size = Int(parameters["PageSize"]?.integerValue ?? 10)
    if let list { #expect(list.count <= size) }
  }

  @Test func theSuiteHasAllItsCases() {
    let count =
      Self.sharedRefusals.count + Self.filteredRefusals.count + Self.ownRefusals.count
      + Self.answers.count
    #expect(count >= 150)
  }
}
