import FaceClient
import Foundation
import Testing
import Threading
import WireProtocol

/// SearchMediaByFace and SearchMediaClipByFace through the socket.
@Suite struct FaceSearchTests {
  private func search(
    _ client: FaceClient, _ parameters: [String: JSONValue]
  ) throws -> SearchMediaByFaceResult {
    try client.call(FaceRequest("SearchMediaByFace", parameters))
  }

  private func path(_ name: String) -> JSONValue { .string(DemoLibrary.path(name)) }

  private func names(_ result: SearchMediaByFaceResult) -> [String] {
    result.mediaInfoList.compactMap {
      $0.mediaBasicInfo?.inputURL.split(separator: "/").last.map(String.init)
    }
  }

  /// The media whose labels name a person.
  private func truth(_ person: String) throws -> Set<String> {
    Set(try DemoLibrary.labels().filter { $0.value.contains(person) }.keys)
  }

  /// The request of the coarse page and that of the fine page, field by field.
  @Test func answersTheExamplesOfBothPages() throws {
    let client = try ImportedLibrary.client()
    let coarse = try client.call(
      FaceRequest<JSONValue>.raw(
        "SearchMediaByFace",
        [
          "PageNo": 1, "PageSize": 10, "PersonImageUrl": path("p05_02.jpg"),
          "FaceSearchToken": "zxtest-huangxuan-2023-3-7-V1", "MediaType": "image",
          "UtcCreate": "{\"gte\":1261205662998,\"lte\":9771205662998}",
        ]))
    #expect(coarse["Success"] == "true" && coarse["Code"] == "200")
    #expect(coarse["RequestId"]?.stringValue?.count == 36)
    let media = try #require(coarse["MediaInfoList"]?.arrayValue)
    let total = try #require(coarse["Total"]?.integerValue)
    #expect(media.count == min(10, Int(total)) && total > 0)
    for medium in media { #expect(medium["MediaId"]?.stringValue?.count == 32) }
    let fine = try client.call(
      FaceRequest<JSONValue>.raw(
        "SearchMediaClipByFace",
        [
          "PageNo": 1, "PageSize": 10, "FaceSearchToken": "zxtest-huangxuan-2023-3-7-V1",
          "MediaId": try #require(media.first?["MediaId"]),
        ]))
    #expect(fine["Success"] == "true" && fine["Code"] == "200")
    #expect(fine["RequestId"]?.stringValue?.count == 36)
    let clips = try #require(fine["MediaClipList"]?.arrayValue)
    // It is a photograph, in which nobody is seen for a time.
    #expect(fine["Total"] == 0 && clips.isEmpty)
  }

  @Test func severalExamplesFindThePersonAndCounterExamplesTakeOthersAway() throws {
    let client = try ImportedLibrary.client()
    let one = try search(client, ["PersonImageUrl": path("p05_02.jpg"), "PageSize": 50])
    let both = try search(
      client,
      ["PersonImageUrls": [path("p05_02.jpg"), path("p01_01.jpg")], "PageSize": 50])
    #expect(Set(names(both)).isSuperset(of: names(one)))
    #expect(Set(names(both)).isSuperset(of: try truth("p01")))
    let apart = try search(
      client,
      [
        "PersonImageUrls": [path("p05_02.jpg"), path("p01_01.jpg")],
        "CounterImageUrls": [path("p01_01.jpg"), path("p01_02.jpg")], "PageSize": 50,
      ])
    #expect(apart.total < both.total)
    #expect(Set(names(apart)).isDisjoint(with: ["p01_01.jpg", "p01_02.jpg"]))
  }

  /// Searches that run at the same time share their work, and nobody notices.
  @Test func searchesSideBySideAnswerAsEachAlone() throws {
    let client = try ImportedLibrary.client()
    let figures = try search(client, ["PersonImageUrl": path("p05_02.jpg"), "PageSize": 50])
      .mediaInfoList.flatMap { $0.figures?.compactMap(\.figureID) ?? [] }
    #expect(figures.count > 4)
    @Sendable func answer(_ client: FaceClient, _ figure: String) throws -> [JSONValue?] {
      let answer = try client.call(
        FaceRequest<JSONValue>.raw(
          "SearchMediaByFace", ["FigureIds": [.string(figure)], "PageSize": 50]))
      return [answer["Total"], answer["MediaInfoList"]]
    }
    let alone = try figures.map { try answer(client, $0) }
    let threads = try (0..<8).map { thread in
      let client = try ImportedLibrary.client()
      return Background(named: "search-\(thread)") {
        try (0..<40).allSatisfy { round in
          let place = (thread * 7 + round) % figures.count
          return try answer(client, figures[place]) == alone[place]
        }
      }
    }
    for thread in threads { #expect(try thread.value()) }
  }

  @Test func theFaceIsChosenByIndexOrPlace() throws {
    let client = try ImportedLibrary.client()
    let image = path("group_01.jpg")
    let faces = try client.call(
      FaceRequest<DetectImageFacesResult>("DetectImageFaces", ["SourceURI": image])
    ).faces
    #expect(faces.count == 2)
    for (index, face) in faces.enumerated() {
      let box = face.boundary
      let byIndex = try search(
        client, ["PersonImageUrl": image, "FigureIndex": .integer(Int64(index))])
      #expect(byIndex.queryFigureIndex == index && byIndex.queryFigureCount == 2)
      #expect(byIndex.queryFigure?.boundary == box)
      let byPlace = try search(
        client,
        [
          "PersonImageUrl": image,
          "FacePosition": [
            "X": .double(box.left + box.width / 2), "Y": .double(box.top + box.height / 2),
          ],
        ])
      #expect(byPlace.queryFigureIndex == index)
      #expect(names(byPlace) == names(byIndex))
    }
  }

  @Test func clustersFiguresAndThresholdsDecide() throws {
    let client = try ImportedLibrary.client()
    let clusters: QueryFigureClustersResult = try client.call(
      FaceRequest("QueryFigureClusters", ["Sort": "FaceCount", "Order": "desc"]))
    let cluster = try #require(clusters.figureClusters.first)
    let byCluster = try search(
      client, ["FigureClusterIds": [.string(cluster.objectID)], "PageSize": 50])
    let listed = try client.call(.media(cluster: cluster.objectID)).mediaInfos.map(\.mediaID)
    #expect(Set(byCluster.mediaInfoList.map(\.mediaID)).isSuperset(of: listed))
    let figure = try #require(
      try client.call(.figures(of: .cluster(cluster.objectID))).figures.first?.figureID)
    let byFigure = try search(client, ["FigureIds": [.string(figure)], "PageSize": 50])
    #expect(byFigure.mediaInfoList.first?.figures?.first?.figureID == figure)
    #expect(byFigure.mediaInfoList.first?.cosine ?? 0 > 0.999)
    let scores = byFigure.mediaInfoList.compactMap(\.score)
    #expect(scores == scores.sorted(by: >) && scores.allSatisfy { (0...1).contains($0) })
    let sure = try search(
      client, ["FigureIds": [.string(figure)], "MinScore": 0.99, "PageSize": 50])
    #expect(sure.total <= byFigure.total)
    #expect(sure.mediaInfoList.allSatisfy { $0.score ?? 0 >= 0.99 })
    let strict = try search(
      client,
      ["FigureIds": [.string(figure)], "FalseAcceptRate": 0.00001, "PageSize": 50])
    let loose = try search(
      client, ["FigureIds": [.string(figure)], "FalseAcceptRate": 0.1, "PageSize": 50])
    #expect(strict.total <= loose.total)
  }

  @Test func aTokenCanBeForgotten() throws {
    let client = try ImportedLibrary.client()
    let parameters: [String: JSONValue] = ["FaceSearchToken": "to be forgotten"]
    _ = try search(
      client, parameters.merging(["PersonImageUrl": path("p01_01.jpg")]) { first, _ in first })
    _ = try search(client, parameters)
    _ = try client.call(FaceRequest<JSONValue>.raw("ForgetFaceSearchToken", parameters))
    #expect {
      try search(client, parameters)
    } throws: {
      ($0 as? ClientError)?.code == .tokenExpired
    }
  }

  /// Between the pages photographs of the person come and go.
  @Test(arguments: [3, 4] as [UInt64])
  func pagesShowEachMediumOnce(seed: UInt64) throws {
    let daemon = try DaemonProcess()
    defer { daemon.remove() }
    let client = try daemon.client()
    var generator = SeededGenerator(seed: seed)
    let photographs = ["p01_01", "p01_02", "p01_03", "p01_04", "p01_06"].map { $0 + ".jpg" }
    var present: Set<String> = []
    func insert(_ name: String) throws {
      let image = DemoLibrary.path(photographs.randomElement(using: &generator)!)
      let inserted: InsertMediaResult = try client.call(
        FaceRequest(
          "InsertMediaToSearchLib", ["Input": .string(image), "InputURL": .string(name)]))
      present.insert(inserted.mediaID)
    }
    for number in 0..<14 { try insert("/first/\(number)") }
    let first = present
    var gone: Set<String> = []
    var shown: [String] = []
    for page in 1...5 {
      let found = try search(
        client,
        [
          "PersonImageUrl": path("p01_01.jpg"), "FaceSearchToken": "pages",
          "PageNo": .integer(Int64(page)), "PageSize": 3,
        ])
      #expect(found.total == 14)
      shown += found.mediaInfoList.map(\.mediaID)
      try insert("/later/\(page)")
      if let victim = present.randomElement(using: &generator) {
        try client.call(.deleteMedia([victim]))
        present.remove(victim)
        if first.contains(victim) && !shown.contains(victim) { gone.insert(victim) }
      }
    }
    #expect(shown.count == Set(shown).count)
    #expect(Set(shown) == first.subtracting(gone))
  }
}
