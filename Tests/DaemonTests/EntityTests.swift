import FaceClient
import Foundation
import Testing
import WireProtocol

/// People enrolled by example, through the socket.
@Suite struct EntityTests {
  private func call(
    _ client: FaceClient, _ method: String, _ parameters: [String: JSONValue] = [:]
  ) throws -> JSONValue {
    try client.call(FaceRequest<JSONValue>.raw(method, parameters))
  }

  /// A daemon with photographs of three people of whom one is enrolled by one picture.
  private struct Enrolment {
    let daemon: DaemonProcess
    let client: FaceClient
    let lib: String
    let entity: String
    let sample: String
  }

  private func enrolment() throws -> Enrolment {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let names = ["p01_01", "p01_02", "p01_03", "p02_01", "p02_02", "p05_02", "p05_03"]
    try client.call(
      .importMedia(paths: names.map { DemoLibrary.path($0 + ".jpg") }, wait: true))
    let lib = try #require(
      try call(
        client, "CreateRecognitionLib",
        ["LibName": "friends", "LibDescription": "of ours", "Algorithm": "face"])["LibId"]?
        .stringValue)
    let entity = try #require(
      try call(
        client, "CreateRecognitionEntity",
        [
          "LibId": .string(lib), "EntityName": "Zhang San", "Category": "celebrity",
          "EntityInfo": "{\"born\": 1980}",
        ])["EntityId"]?.stringValue)
    let sample = try #require(
      try call(
        client, "CreateRecognitionSample",
        [
          "LibId": .string(lib), "EntityId": .string(entity), "LabelPrompt": "portrait",
          "ImageUrl": .string(DemoLibrary.path("p01_04.jpg")),
        ])["SampleId"]?.stringValue)
    return Enrolment(daemon: daemon, client: client, lib: lib, entity: entity, sample: sample)
  }

  @Test func aFaceIsRecognisedOrUnknown() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    let client = enrolment.client
    func recognise(_ name: String) throws -> RecognizeFacesResult {
      try client.call(
        FaceRequest(
          "RecognizeFaces",
          ["SourceURI": .string(DemoLibrary.path(name)), "FalseAcceptRate": 0.001]))
    }
    let known = try recognise("p01_02.jpg")
    #expect(known.entityTotal == 1)
    #expect(known.faces.first?.entityID == enrolment.entity)
    #expect(known.faces.first?.labelName == "Zhang San")
    #expect(known.faces.first?.category == "celebrity")
    #expect(known.faces.first?.score ?? 0 > 0.9)
    let unknown = try recognise("p02_01.jpg")
    #expect(unknown.faces.first?.entityID == nil)
    #expect(unknown.faces.first?.category == "unknown")
    #expect(unknown.faces.first?.score == nil)
    #expect(abs(unknown.falseAcceptRateOfFace - 0.001) < 1e-9)
  }

  @Test func searchesAreFilteredByEntity() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    let client = enrolment.client
    let theirs = try client.searchMedia(["EntityId": .string(enrolment.entity)])
    #expect(
      Set(theirs.mediaInfoList.compactMap { $0.mediaBasicInfo?.inputURL.suffix(10) })
        == ["p01_01.jpg", "p01_02.jpg", "p01_03.jpg"])
    for medium in theirs.mediaInfoList {
      let face = try #require(medium.aiData?.aiLabelInfo?.first)
      #expect(face.labelID == enrolment.entity)
      #expect(face.labelName == "Zhang San" && face.category == "celebrity")
    }
    let found = try call(
      client, "SearchMediaByFace",
      [
        "QueryEntityIds": [.string(enrolment.entity)], "FaceSearchToken": "entity",
        "FalseAcceptRate": 0.0001,
      ])
    #expect(found["Total"] == 3)
    let other = try call(
      client, "SearchMediaByFace",
      [
        "PersonImageUrl": .string(DemoLibrary.path("p02_01.jpg")),
        "EntityId": .string(enrolment.entity),
      ])
    #expect(other["Total"] == 0)
    // The word names a kind of media.
    let photographs = try call(
      client, "SearchMediaByHybrid",
      ["Text": "photos", "EntityId": .string(enrolment.entity), "PageSize": 50])
    #expect(photographs["Total"] == 3)
    let named = try call(client, "SearchMediaByHybrid", ["Text": "photos", "PageSize": 50])
    #expect(try #require(named["Total"]?.integerValue) > 3)
    for medium in theirs.mediaInfoList {
      _ = try call(
        client, "UpdateMediaToSearchLib",
        ["MediaId": .string(medium.mediaID), "Title": "Portrait"])
    }
    let labelled = try call(
      client, "SearchMediaByAILabel",
      ["Text": "portrait", "EntityId": .string(enrolment.entity)])
    #expect(labelled["Total"] == 3)
  }

  /// The cluster of a person who is not enrolled.
  private func clusterOfSomebodyElse(_ client: FaceClient) throws -> String {
    let medium = try client.searchMedia(["Match": "inputURL = 'p02_01'"])
    return try #require(
      medium.mediaInfoList.first?.aiData?.aiLabelInfo?.first?.figureClusterID)
  }

  @Test func aClusterTiedToAnEntityIsThatPerson() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    let client = enrolment.client
    let cluster = try clusterOfSomebodyElse(client)
    let other = try #require(
      try call(
        client, "CreateRecognitionEntity",
        ["LibId": .string(enrolment.lib), "EntityName": "Bob"])["EntityId"]?.stringValue)
    _ = try call(
      client, "TieFigureClusterToEntity",
      ["ObjectId": .string(cluster), "EntityId": .string(other)])
    let theirs = try client.searchMedia(["EntityId": .string(other)])
    #expect(theirs.total == 2)
    #expect(
      theirs.mediaInfoList.allSatisfy {
        $0.aiData?.aiLabelInfo?.first?.labelID == other
          && $0.aiData?.aiLabelInfo?.first?.category == "custom"
      })
    _ = try call(
      client, "TieFigureClusterToEntity", ["ObjectId": .string(cluster), "EntityId": ""])
    #expect(try client.searchMedia(["EntityId": .string(other)]).total == 0)
  }

  @Test func aTieIsAnEventThatIsUndoneAndHoldsThroughReclustering() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    let client = enrolment.client
    let cluster = try clusterOfSomebodyElse(client)
    func tied() throws -> String? {
      try client.call(.figureCluster(cluster)).figureCluster.entityID
    }
    func tie(_ parameters: [String: JSONValue] = [:]) throws -> JSONValue {
      let all: [String: JSONValue] = [
        "ObjectId": .string(cluster), "EntityId": .string(enrolment.entity),
      ]
      return try call(client, "TieFigureClusterToEntity", all.merging(parameters) { $1 })
    }
    _ = try tie(["DryRun": true])
    #expect(try tied() == nil)
    let undo = try #require(try tie()["UndoId"]?.stringValue)
    #expect(try tied() == enrolment.entity)
    _ = try client.call(.recluster(wait: true))
    #expect(try tied() == enrolment.entity)
    let event = try call(client, "GetIdentityEvent", ["EventId": .string(undo)])["Event"]
    #expect(event?["FigureClusters"]?.arrayValue?.first?["Fields"] == .array(["EntityId"]))
    _ = try call(client, "UndoIdentityEvent", ["EventId": .string(undo)])
    #expect(try tied() == nil)
    #expect(throws: ClientError.self) { try tie(["MetaLockVersion": 0]) }
  }

  @Test func librariesChooseWhomTheyAreComparedWith() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    let client = enrolment.client
    let empty = try #require(
      try call(client, "CreateRecognitionLib", ["LibName": "empty"])["LibId"]?.stringValue)
    func category() throws -> JSONValue? {
      try call(
        client, "RecognizeFaces", ["SourceURI": .string(DemoLibrary.path("p01_02.jpg"))])["Faces"]?
        .arrayValue?.first?["Category"]
    }
    #expect(try category() == "celebrity")
    let altered = try call(
      client, "AlterSearchLib",
      ["SearchLibName": "default", "SearchLibConfig": .string("{\"faceGroupIds\":\"\(empty)\"}")])
    #expect(
      altered["SearchLibInfo"]?["SearchLibConfig"] == .string("{\"faceGroupIds\":\"\(empty)\"}"))
    #expect(try category() == "unknown")
    _ = try call(
      client, "AlterSearchLib",
      ["SearchLibName": "default", "SearchLibConfig": ["faceGroupIds": ""]])
    #expect(try category() == "celebrity")
  }

  @Test func enrolmentsAreListedChangedAndErased() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    let client = enrolment.client
    let libs = try call(client, "ListRecognitionLibs")
    #expect(libs["Total"] == 1)
    #expect(libs["Libs"]?.arrayValue?.first?["EntityTotal"] == 1)
    let changed = try call(
      client, "UpdateRecognitionEntity",
      ["EntityId": .string(enrolment.entity), "EntityName": "Li Si"])
    #expect(changed["Entity"]?["EntityName"] == "Li Si")
    #expect(changed["Entity"]?["EntityInfo"] == "{\"born\": 1980}")
    let samples = try call(
      client, "ListRecognitionSamples", ["EntityId": .string(enrolment.entity)])
    #expect(samples["Samples"]?.arrayValue?.first?["SampleId"] == .string(enrolment.sample))
    _ = try call(
      client, "DeleteRecognitionSample",
      ["EntityId": .string(enrolment.entity), "SampleId": .string(enrolment.sample)])
    #expect(
      try call(client, "ListRecognitionSamples", ["EntityId": .string(enrolment.entity)])["Total"]
        == 0)
    _ = try call(client, "DeleteRecognitionLib", ["LibId": .string(enrolment.lib)])
    #expect {
      try client.searchMedia(["EntityId": .string(enrolment.entity)])
    } throws: {
      ($0 as? ClientError)?.code == .resourceNotFound
    }
  }

  @Test func anEnrolmentOutlivesARestart() throws {
    let enrolment = try enrolment()
    defer { enrolment.daemon.remove() }
    enrolment.daemon.kill(SIGKILL)
    try enrolment.daemon.start()
    let theirs = try enrolment.daemon.client().searchMedia(["EntityId": .string(enrolment.entity)])
    #expect(theirs.total == 3)
  }

  private static let mistakes: [(String, String, ErrorCode, String)] = [
    ("CreateRecognitionLib", "{}", .missingParameter, "LibName"),
    (
      "CreateRecognitionLib", "{\"LibName\": \"a\", \"Algorithm\": \"gait\"}", .invalidParameter,
      "Algorithm"
    ),
    ("CreateRecognitionEntity", "{\"EntityName\": \"a\"}", .missingParameter, "LibId"),
    (
      "CreateRecognitionEntity", "{\"EntityName\": \"a\", \"LibId\": \"x\"}", .invalidParameter,
      "LibId"
    ),
    (
      "CreateRecognitionEntity", "{\"EntityName\": \"a\", \"Category\": \"friend\"}",
      .invalidParameter, "Category"
    ),
    ("CreateRecognitionSample", "{\"ImageUrl\": \"/a\"}", .missingParameter, "EntityId"),
    ("RecognizeFaces", "{}", .missingParameter, "SourceURI"),
    (
      "RecognizeFaces", "{\"SourceURI\": \"/a\", \"FalseAcceptRate\": 0}", .invalidParameter,
      "FalseAcceptRate"
    ),
    ("TieFigureClusterToEntity", "{}", .missingParameter, "ObjectId"),
    ("DeleteRecognitionEntity", "{\"EntityId\": \"0\"}", .resourceNotFound, "EntityId"),
  ]

  @Test(arguments: mistakes)
  func namesTheFieldThatIsWrong(
    method: String, parameters: String, code: ErrorCode, field: String
  ) throws {
    let client = try ImportedLibrary.client()
    let parameters = try #require(try json(parameters).objectValue)
    #expect {
      try call(client, method, parameters)
    } throws: { error in
      guard case .refused(let error)? = error as? ClientError else { return false }
      return error.code == code && error.field == field
    }
  }
}
