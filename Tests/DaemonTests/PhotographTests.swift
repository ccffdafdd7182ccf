import FaceClient
import Foundation
import Testing
import WireProtocol

/// Photographs in, people out.
@Suite struct PhotographTests {
  private func imported(_ daemon: DaemonProcess) throws -> TaskMessage {
    try daemon.client().call(.importMedia(paths: [DemoLibrary.folder.path], wait: true)).task
  }

  private func allFigures(_ client: FaceClient) throws -> [FigureMessage] {
    try client.call(.figures(of: .library("default"), pageSize: 500)).figures
  }

  @Test func everyPersonOfTheDemoLibraryIsOneCluster() throws {
    let task = try ImportedLibrary.task()
    #expect(task.status == .succeeded)
    #expect(task.progress.refused == 0)

    let client = try ImportedLibrary.client()
    let labels = try DemoLibrary.labels()
    let figures = try allFigures(client)
    let byFile = Dictionary(grouping: figures) {
      URL(string: $0.inputURL ?? "")?.lastPathComponent ?? ""
    }
    for (file, people) in labels {
      #expect(byFile[file]?.count ?? 0 == people.count, "\(file)")
    }
    // Photographs of one person say whose the clusters are; those of groups must then agree.
    var clustersOfPerson: [String: Set<String>] = [:]
    for (file, people) in labels where people.count == 1 {
      for figure in byFile[file] ?? [] {
        clustersOfPerson[people[0], default: []].insert(figure.figureClusterID ?? "none")
      }
    }
    for (person, clusters) in clustersOfPerson { #expect(clusters.count == 1, "\(person)") }
    #expect(Set(clustersOfPerson.values.flatMap(\.self)).count == clustersOfPerson.count)
    for (file, people) in labels where people.count > 1 {
      let found = Set((byFile[file] ?? []).compactMap(\.figureClusterID))
      #expect(found == Set(people.flatMap { clustersOfPerson[$0] ?? [] }), "\(file)")
    }
  }

  @Test func importingAgainChangesNothing() throws {
    let daemon = try DaemonProcess()
    _ = try imported(daemon)
    let client = try daemon.client()
    let before = try allFigures(client)
    let again = try imported(daemon)
    #expect(again.progress.unchanged == 77)
    #expect(try allFigures(client) == before)
  }

  @Test func aChangedFileReplacesItsFiguresAndARemovedMediumTakesItsOwnAway() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let photo = daemon.folder.appending(path: "photo.jpg")
    let manager = FileManager.default
    try manager.copyItem(atPath: DemoLibrary.path("group_01.jpg"), toPath: photo.path)
    try client.call(.importMedia(paths: [photo.path], wait: true))
    let first = try client.call(.medium(inputURL: photo.path)).mediaInfo
    #expect(first.figures?.count == 2)

    try manager.removeItem(at: photo)
    try manager.copyItem(atPath: DemoLibrary.path("p05_02.jpg"), toPath: photo.path)
    try client.call(.importMedia(paths: [photo.path], wait: true))
    let second = try client.call(.medium(inputURL: photo.path)).mediaInfo
    #expect(second.mediaID == first.mediaID)
    #expect(second.figures?.count == 1)
    #expect(try client.call(.status).counts.figures == 1)
    #expect(try client.call(.status).counts.figureClusters == 1)

    let deleted = try client.call(.deleteMedia([first.mediaID]))
    #expect(deleted == DeleteMediaResult(deleted: 1, figuresDeleted: 1))
    #expect(try client.call(.deleteMedia([first.mediaID])).deleted == 0)
    #expect(try client.call(.status).counts.figureClusters == 0)
  }

  @Test func refusesBadFilesOneByOneAndSaysWhy() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let folder = daemon.folder.appending(path: "photos")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let good = try Data(contentsOf: URL(filePath: DemoLibrary.path("p01_01.jpg")))
    try good.write(to: folder.appending(path: "good.jpg"))
    try good.prefix(good.count / 2).write(to: folder.appending(path: "truncated.jpg"))
    try Data().write(to: folder.appending(path: "empty.png"))
    try Data("no image".utf8).write(to: folder.appending(path: "text.jpg"))
    try Data("no image".utf8).write(to: folder.appending(path: "notes.txt"))
    mkfifo(folder.appending(path: "pipe.jpg").path, 0o600)
    let task = try client.call(
      .importMedia(paths: [folder.path, folder.path + "/missing.jpg"], wait: true)
    ).task
    #expect(task.status == .succeeded)
    #expect(task.progress.skipped == 1)
    let refused = Dictionary(
      uniqueKeysWithValues: (task.refusals ?? []).map {
        (URL(string: $0.inputURL)?.lastPathComponent ?? "", $0.code)
      })
    #expect(
      refused == [
        "truncated.jpg": "InvalidImage", "empty.png": "InvalidImage", "text.jpg": "InvalidImage",
        "missing.jpg": "ImageUnreadable",
      ])
    #expect(try client.call(.status).counts.media == 1)
  }

  @Test func aPassedDescriptorIsAsGoodAsAPath() throws {
    let client = try ImportedLibrary.client()
    let path = DemoLibrary.path("group_07.jpg")
    let byPath = try client.call(.detectFaces(in: .path(path)))
    let byDescriptor = try client.call(.detectFaces(in: .file(OpenFile(path: path))))
    #expect(byPath.faces.count == 6)
    #expect(byPath == byDescriptor)
    let small = try Data(contentsOf: URL(filePath: DemoLibrary.path("p01_01.jpg")))
    #expect(
      try client.call(.detectFaces(in: .base64(small.base64EncodedString()))).faces.count == 1)
  }

  @Test func comparesFacesOfOnePersonAndOfTwo() throws {
    let client = try ImportedLibrary.client()
    func similarity(_ first: String, _ second: String) throws -> Double {
      try client.call(
        .compareFaces(
          OpenFile(path: DemoLibrary.path(first)), OpenFile(path: DemoLibrary.path(second)))
      ).similarity
    }
    #expect(try similarity("p01_01.jpg", "p01_03.jpg") > 0.9)
    #expect(try similarity("p01_01.jpg", "p05_02.jpg") < 0.1)
  }

  @Test func saysWhoIsInAnImageAndWhereElse() throws {
    let client = try ImportedLibrary.client()
    let image = DemoLibrary.path("p04_01.jpg")
    let who = try client.call(.searchImageFigureCluster(.path(image))).clusters
    #expect(who.count == 1)
    #expect(who[0].similarity > 0.9)
    let found = try client.call(.searchMediaByFace(.path(image), pageSize: 50))
    let labels = try DemoLibrary.labels()
    let files = Set(
      found.mediaInfoList.compactMap {
        $0.mediaBasicInfo.flatMap { URL(string: $0.inputURL)?.lastPathComponent }
      })
    #expect(files == Set(labels.filter { $0.value.contains("p04") }.keys))
    #expect(found.total == files.count)
    #expect(found.mediaInfoList.allSatisfy { (0...1).contains($0.score ?? -1) })
  }

  @Test func aSearchTokenKeepsItsAnswerAndRefusesAnotherQuestion() throws {
    let daemon = try DaemonProcess()
    _ = try imported(daemon)
    let client = try daemon.client()
    func search(
      _ image: String?, page: Int64 = 1, _ more: [String: JSONValue] = [:]
    ) throws -> SearchMediaByFaceResult {
      var parameters: [String: JSONValue] = [
        "FaceSearchToken": "token-1", "PageNo": .integer(page), "PageSize": 3,
      ]
      if let image { parameters["PersonImageUrl"] = .string(DemoLibrary.path(image)) }
      parameters.merge(more) { _, new in new }
      return try client.call(FaceRequest("SearchMediaByFace", parameters))
    }
    let first = try search("p01_01.jpg")
    var seen = first.mediaInfoList.map(\.mediaID)
    // What is imported between two pages does not shift them.
    let copy = daemon.folder.appending(path: "copy.jpg")
    try FileManager.default.copyItem(atPath: DemoLibrary.path("p01_02.jpg"), toPath: copy.path)
    try client.call(.importMedia(paths: [copy.path], wait: true))
    for page in 2...Int64((first.total + 2) / 3) {
      seen += try search(nil, page: page).mediaInfoList.map(\.mediaID)
    }
    #expect(seen.count == first.total)
    #expect(Set(seen).count == seen.count)
    #expect { try search("p05_02.jpg") } throws: {
      ($0 as? ClientError)?.code == .tokenConflict
    }
    #expect { try search(nil, ["MediaType": "video"]) } throws: {
      ($0 as? ClientError)?.code == .tokenConflict
    }
    #expect {
      try client.call(
        FaceRequest<SearchMediaByFaceResult>("SearchMediaByFace", ["FaceSearchToken": "other"]))
    } throws: { ($0 as? ClientError)?.code == .tokenExpired }
  }
}
