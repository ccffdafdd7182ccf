import FaceClient
import Foundation
import Testing
import WireProtocol

/// SearchMediaByHybrid and what stands around the searches, through the socket.
@Suite struct HybridTests {
  private func hybrid(
    _ client: FaceClient, _ parameters: [String: JSONValue]
  ) throws -> SearchMediaByHybridResult {
    try client.call(FaceRequest("SearchMediaByHybrid", parameters))
  }

  /// A daemon with photographs of which two people have names.
  private func library() throws -> (DaemonProcess, FaceClient, [String: String]) {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let files = ["group_01.jpg", "p01_01.jpg", "p01_02.jpg", "p02_01.jpg", "p02_02.jpg"]
    try client.call(.importMedia(paths: files.map { DemoLibrary.path($0) }, wait: true))
    var media: [String: String] = [:]
    let all = try client.searchMedia(["PageSize": 50])
    for medium in all.mediaInfoList {
      guard let name = medium.mediaBasicInfo?.inputURL.split(separator: "/").last else { continue }
      media[String(name)] = medium.mediaID
    }
    for (file, name) in [("p01_01.jpg", "Ann"), ("p02_01.jpg", "小明")] {
      let medium = try #require(all.mediaInfoList.first { $0.mediaID == media[file] })
      let cluster = try #require(medium.aiData?.aiLabelInfo?.first?.figureClusterID)
      try client.call(.nameCluster(cluster, name: name))
    }
    func describe(_ file: String, _ details: [String: JSONValue]) throws {
      var parameters = details
      parameters["MediaId"] = .string(try #require(media[file]))
      _ = try client.call(FaceRequest<JSONValue>.raw("UpdateMediaToSearchLib", parameters))
    }
    try describe("p01_01.jpg", ["Title": "Boats at the lake", "MediaTags": "summer"])
    try describe("p02_01.jpg", ["Description": "我们在北京的天安门"])
    try describe(
      "p02_02.jpg",
      [
        "AiData": [
          "OcrInfo": [["Content": "Two pandas fighting", "From": 2, "To": 4]],
          "AsrInfo": [["Content": "nothing of that", "From": 5, "To": 6]],
        ]
      ])
    return (daemon, client, media)
  }

  @Test func answersTheExampleOfItsPageAndOthersInTwoLanguages() throws {
    let (daemon, client, media) = try library()
    defer { daemon.remove() }
    // The page's example.
    let pandas = try client.call(
      FaceRequest<JSONValue>.raw(
        "SearchMediaByHybrid", ["Text": "Two pandas fighting", "PageNo": 1, "PageSize": 20]))
    #expect(pandas["Success"] == "true" && pandas["Code"] == "200" && pandas["Total"] == 1)
    #expect(pandas["RequestId"]?.stringValue?.count == 36)
    let found = try #require(pandas["MediaList"]?.arrayValue?.first)
    #expect(found["MediaId"]?.stringValue == media["p02_02.jpg"])
    let clip = try #require(found["ClipInfo"]?.arrayValue?.first)
    #expect(clip["From"] == 2 && clip["To"] == 4 && clip["Score"] == 1)

    let lake = try hybrid(client, ["Text": "Ann at the lake"])
    #expect(lake.mediaList.first?.mediaID == media["p01_01.jpg"])
    let recalls = Set(lake.mediaList.first?.foundBy?.map(\.recall) ?? [])
    #expect(recalls.isSuperset(of: ["together", "people", "words"]))
    #expect(lake.query?.people == ["Ann"] && lake.query?.terms == ["lake"])

    let both = try hybrid(client, ["Text": "Ann and 小明"])
    #expect(both.mediaList.first?.mediaID == media["group_01.jpg"])
    #expect(both.total == 5)

    let beijing = try hybrid(client, ["Text": "小明在北京的照片"])
    #expect(beijing.mediaList.first?.mediaID == media["p02_01.jpg"])
    #expect(
      beijing.mediaList.first?.foundBy?.contains {
        $0.recall == "words" && $0.reason.contains("北京")
      } == true)

    let scores = both.mediaList.compactMap(\.score)
    #expect(scores == scores.sorted(by: >) && scores.allSatisfy { (0...1).contains($0) })
    let filtered = try hybrid(client, ["Text": "Ann and 小明", "MediaType": "video"])
    #expect(filtered.total == 0)
  }

  @Test func tellsWhatIsKnownOfOneMedium() throws {
    let (daemon, client, media) = try library()
    defer { daemon.remove() }
    let medium = try #require(media["p02_02.jpg"])
    let detail = try hybrid(client, ["MediaId": .string(medium), "Text": "nothing"])
    #expect(detail.total == 1)
    let found = try #require(detail.mediaList.first)
    #expect(found.mediaInfo?.aiData?.ocrInfo?.first?.content == "Two pandas fighting")
    #expect(found.clipInfo.first?.from == 5 && found.clipInfo.first?.to == 6)
  }

  @Test func labelsAndNamesAreSearchedByThemselves() throws {
    let (daemon, client, media) = try library()
    defer { daemon.remove() }
    func search(_ parameters: [String: JSONValue]) throws -> SearchMediaByHybridResult {
      try client.call(FaceRequest("SearchMediaByAILabel", parameters))
    }
    let ann = try search(["Text": "ann", "MultimodalSearchType": "PersonName"])
    #expect(ann.total == 3)
    let precise = try search(
      ["Text": "ann", "MultimodalSearchType": "PersonName", "MatchingMode": "precise"])
    #expect(precise.total == 0)
    let clips = try search(
      ["Text": "pandas", "MultimodalSearchType": "Ocr", "SpecificSearch": true])
    #expect(clips.mediaList.map(\.mediaID) == [media["p02_02.jpg"]])
    #expect(clips.mediaList.first?.clipInfo.first?.from == 2)
  }

  @Test func mediaAreCountedByPeopleAndYears() throws {
    let (daemon, client, _) = try library()
    defer { daemon.remove() }
    let groups: AggregateMediaResult = try client.call(
      FaceRequest("AggregateMedia", ["GroupBy": "person,mediaType"]))
    #expect(
      Set(groups.groups.map { $0.values.map { $0 ?? "" } }) == [
        ["Ann", "image"], ["小明", "image"],
      ])
    #expect(groups.groups.map(\.count) == [3, 3])
    let pairs: PeopleTogetherResult = try client.call(FaceRequest("QueryPeopleTogether", [:]))
    #expect(pairs.pairs.count == 1 && pairs.pairs.first?.mediaCount == 1)
    #expect(Set(pairs.pairs[0].figureClusters.map(\.name)) == ["Ann", "小明"])
  }

  @Test func aMediumIsRegisteredOnce() throws {
    let daemon = try DaemonProcess()
    defer { daemon.remove() }
    let client = try daemon.client()
    func register(_ more: [String: JSONValue]) throws -> JSONValue {
      var parameters: [String: JSONValue] = [
        "InputURL": .string(DemoLibrary.path("p01_01.jpg")), "Title": "a", "ReferenceId": "123-123",
        "RegisterConfig": "{\"SearchLibName\":\"default\"}",
      ]
      parameters.merge(more) { _, new in new }
      return try client.call(FaceRequest<JSONValue>.raw("RegisterMediaInfo", parameters))
    }
    let token = "0d5b1a2f3c4e5d6f7a8b9c0d1e2f3a4b"
    let first = try register(["ClientToken": .string(token)])
    let again = try register(["ClientToken": .string(token)])
    #expect(again["MediaId"] == first["MediaId"] && again["Outcome"] == "Added")
    func refusal(_ more: [String: JSONValue]) -> ErrorCode? {
      do {
        _ = try register(more)
        return nil
      } catch { return (error as? ClientError)?.code }
    }
    #expect(refusal(["ClientToken": .string(token), "Title": "b"]) == .clientTokenConflict)
    #expect(refusal([:]) == .resourceExists)
    #expect(try register(["Overwrite": true, "Title": "b"])["MediaId"] == first["MediaId"])
    let medium = try #require(first["MediaId"])
    let batch = try client.call(
      FaceRequest<JSONValue>.raw(
        "BatchGetMediaInfos",
        ["MediaIds": [medium, .string(String(repeating: "0", count: 32))]]))
    #expect(batch["MediaInfos"]?.arrayValue?.first?["MediaBasicInfo"]?["Title"] == "b")
    #expect(batch["IgnoredList"]?.arrayValue?.count == 1)
    let job = try client.call(
      FaceRequest<JSONValue>.raw("QueryMediaIndexJob", ["MediaId": medium]))
    #expect(job["IndexJobInfoList"]?.arrayValue?.first?["Status"] == "Success")
    let rerun = try client.call(
      FaceRequest<JSONValue>.raw("SearchIndexJobRerun", ["MediaIds": [medium], "Task": "face"]))
    #expect(rerun["MediaIds"] == [medium])
    try client.insertGrey("nowhere")
    let other = try #require(
      try client.searchMedia(["Match": "inputURL == 'nowhere'"]).mediaInfoList.first?.mediaID)
    let failed = try client.call(
      FaceRequest<JSONValue>.raw("SearchIndexJobRerun", ["MediaIds": .string(other)]))
    #expect(failed["Failures"]?.arrayValue?.first?["Code"] == "ImageUnreadable")
  }
}
