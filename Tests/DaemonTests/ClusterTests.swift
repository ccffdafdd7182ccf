import FaceClient
import Foundation
import Testing
import WireProtocol

/// Names, covers and lists of people.
@Suite struct ClusterTests {
  /// A daemon with a few photographs of two people.
  private func library() throws -> (DaemonProcess, FaceClient) {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let photographs = ["p01_01", "p01_02", "p01_03", "p05_02", "p05_03"].map {
      DemoLibrary.path($0 + ".jpg")
    }
    try client.call(.importMedia(paths: photographs, wait: true))
    return (daemon, client)
  }

  private func query(
    _ client: FaceClient, _ parameters: [String: JSONValue]
  ) throws -> QueryFigureClustersResult {
    try client.call(FaceRequest("QueryFigureClusters", parameters))
  }

  @Test func listsEachClusterOnceInTheOrderThatIsAskedFor() throws {
    let client = try ImportedLibrary.client()
    let all = try query(client, ["Sort": "FaceCount", "Order": "desc", "WithTotalCount": true])
    #expect(all.totalCount == all.figureClusters.count)
    let counts = all.figureClusters.map(\.faceCount)
    #expect(counts == counts.sorted(by: >))
    let waiting = try client.call(.figures(of: .waiting("default"))).figures.count
    #expect(counts.reduce(0, +) + waiting == 89)

    var paged: [String] = []
    var token: String?
    repeat {
      var parameters: [String: JSONValue] = ["Sort": "FaceCount", "Order": "desc", "MaxResults": 5]
      parameters["NextToken"] = token.map { .string($0) }
      let page = try query(client, parameters)
      paged += page.figureClusters.map(\.objectID)
      token = page.nextToken
    } while token != nil
    #expect(paged == all.figureClusters.map(\.objectID))
  }

  /// The page's request, and each member of its answer that the daemon can know.
  @Test func answersTheExampleOfItsPage() throws {
    let client = try ImportedLibrary.client()
    let parameters: [String: JSONValue] = [
      "DatasetName": "default", "Sort": "ImageCount", "Order": "asc", "MaxResults": 3,
      "WithTotalCount": true,
    ]
    let answer = try client.call(FaceRequest<JSONValue>.raw("QueryFigureClusters", parameters))
    #expect(answer["RequestId"]?.stringValue?.count == 36)
    #expect(answer["NextToken"]?.stringValue != nil && answer["TotalCount"] == 12)
    let clusters = try #require(answer["FigureClusters"]?.arrayValue)
    #expect(clusters.count == 3)
    let sizes = clusters.compactMap { $0["ImageCount"]?.integerValue }
    #expect(sizes.count == 3 && sizes == sizes.sorted())
    for cluster in clusters {
      #expect(cluster["ObjectType"] == "figure-cluster" && cluster["DatasetName"] == "default")
      #expect(cluster["ObjectId"]?.stringValue?.hasPrefix("Cluster-") == true)
      for name in ["ProjectName", "UpdateTime", "CreateTime", "Gender"] {
        #expect(cluster[name]?.stringValue != nil, "\(name)")
      }
      for name in ["FaceCount", "ImageCount", "VideoCount", "AverageAge", "MinAge", "MaxAge"] {
        #expect(cluster[name]?.doubleValue != nil, "\(name)")
      }
      let cover = try #require(cluster["Cover"])
      #expect(cover["ObjectType"] == "file" && cover["MediaType"] == "image")
      for name in [
        "ProjectName", "DatasetName", "ObjectId", "UpdateTime", "CreateTime", "URI", "Filename",
        "ContentType", "FileHash", "FileModifiedTime",
      ] {
        #expect(cover[name]?.stringValue != nil, "\(name)")
      }
      for name in ["Size", "ImageHeight", "ImageWidth"] {
        #expect(cover[name]?.integerValue ?? 0 > 0, "\(name)")
      }
      let figure = try #require(cover["Figures"]?.arrayValue?.first)
      #expect(figure["FigureType"] == "face")
      #expect(figure["FigureClusterId"] == cluster["ObjectId"])
      for name in ["FigureConfidence", "FigureClusterConfidence", "FaceQuality", "Age"] {
        #expect(figure[name]?.doubleValue != nil, "\(name)")
      }
      for name in ["Left", "Top", "Width", "Height"] {
        #expect(figure["Boundary"]?[name]?.doubleValue != nil, "\(name)")
      }
    }
  }

  @Test func refusesATokenOfAnotherQueryAndAForgedOne() throws {
    let client = try ImportedLibrary.client()
    let token = try #require(try query(client, ["MaxResults": 2]).nextToken)
    let forged = (token.hasPrefix("A") ? "B" : "A") + token.dropFirst()
    let wrong: [[String: JSONValue]] = [
      ["NextToken": JSONValue.string(token), "Sort": "FaceCount"],
      ["NextToken": JSONValue.string(forged)], ["NextToken": "AAAA"],
    ]
    for parameters in wrong {
      #expect { try query(client, parameters) } throws: {
        ($0 as? ClientError)?.code == .invalidParameter
      }
    }
    #expect(try query(client, ["NextToken": .string(token)]).figureClusters.isEmpty == false)
  }

  private static let wrongParameters: [(String, JSONValue)] = [
    ("MaxResults", 101), ("MaxResults", -1), ("MaxResults", "ten"), ("Sort", "Beauty"),
    ("Order", "up"), ("WithTotalCount", "yes"), ("CustomLabels", "nothing"),
    ("CreateTimeRange", ["Start": "yesterday"]), ("DatasetName", 7),
  ]

  @Test(arguments: wrongParameters)
  func namesTheParameterThatIsWrong(name: String, value: JSONValue) throws {
    let client = try ImportedLibrary.client()
    #expect {
      try query(client, [name: value])
    } throws: { error in
      guard case .refused(let error)? = error as? ClientError else { return false }
      return error.code == .invalidParameter && error.field?.hasPrefix(name) == true
    }
  }

  @Test func aNameSurvivesRestartReclusteringAndRemovalOfItsFaces() throws {
    let (daemon, client) = try library()
    let cluster = try #require(
      try query(client, ["Sort": "FaceCount", "Order": "desc"]).figureClusters.first)
    try client.call(.nameCluster(cluster.objectID, name: "Ann"))
    try client.call(.recluster(wait: true))
    daemon.kill(SIGKILL)
    try daemon.start()
    let other = try daemon.client()
    let found = try query(other, ["Name": "Ann"]).figureClusters
    #expect(found.map(\.objectID) == [cluster.objectID])
    #expect(found.first?.faceCount == cluster.faceCount)

    let media = try other.call(.media(cluster: cluster.objectID, pageSize: 100)).mediaInfos
    try other.call(.deleteMedia(media.map(\.mediaID)))
    #expect(try query(other, ["Name": "Ann"]).figureClusters.first?.faceCount == 0)
  }

  @Test func aChangeThatSawAnOlderVersionIsRefused() throws {
    let (daemon, client) = try library()
    defer { daemon.remove() }
    let cluster = try #require(try query(client, [:]).figureClusters.first)
    func rename(_ name: String, version: Int64) throws -> FigureClusterResult {
      try client.call(
        FaceRequest(
          "UpdateFigureCluster",
          [
            "FigureCluster": [
              "ObjectId": .string(cluster.objectID), "Name": .string(name),
              "MetaLockVersion": .integer(version),
            ]
          ]))
    }
    #expect(try rename("Ann", version: 0).figureCluster.metaLockVersion == 1)
    #expect { try rename("Bob", version: 0) } throws: {
      ($0 as? ClientError)?.code == .lockVersionConflict
    }
    #expect(try rename("Bob", version: 1).figureCluster.name == "Bob")
  }

  @Test func labelsCoverAndCustomIdAreKeptAndFilteredBy() throws {
    let (daemon, client) = try library()
    defer { daemon.remove() }
    let cluster = try #require(
      try query(client, ["Sort": "FaceCount", "Order": "desc"]).figureClusters.first)
    let figure = try #require(
      try client.call(.figures(of: .cluster(cluster.objectID))).figures.last?.figureID)
    let changed: FigureClusterResult = try client.call(
      FaceRequest(
        "UpdateFigureCluster",
        [
          "FigureCluster": [
            "ObjectId": .string(cluster.objectID), "CustomId": "id-1",
            "CustomLabels": ["family": "yes"],
            "Cover": ["Figures": [["FigureId": JSONValue.string(figure)]]],
          ]
        ]))
    #expect(changed.figureCluster.customID == "id-1")
    #expect(changed.figureCluster.cover?.figures?.first?.figureID == figure)
    #expect(
      try query(client, ["CustomLabels": "family=yes"]).figureClusters.map(\.objectID)
        == [cluster.objectID])
    #expect(try query(client, ["CustomLabels": "family=no"]).figureClusters.isEmpty)
  }

  @Test func keepsAPictureOfEachFace() throws {
    let client = try ImportedLibrary.client()
    let figure = try #require(
      try client.call(.figures(of: .library("default"), pageSize: 1)).figures.first?.figureID)
    let image = try client.call(.figureImage(figure))
    let bytes = try #require(Data(base64Encoded: image.image))
    #expect(bytes.prefix(3) == Data([0xFF, 0xD8, 0xFF]))
  }
}
