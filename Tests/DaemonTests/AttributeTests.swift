import FaceClient
import Foundation
import Testing
import WireProtocol

/// What is said of faces besides whose they are, from photographs to answers.
@Suite struct AttributeTests {
  private func figures(_ client: FaceClient) throws -> [FigureMessage] {
    try client.call(.figures(of: .library("default"), pageSize: 500)).figures
  }

  @Test func facesAndPeopleAreDescribed() throws {
    let client = try ImportedLibrary.client()
    for figure in try figures(client) {
      #expect((0...80).contains(try #require(figure.age)))
      #expect(try #require(figure.ageDeviation) >= 0)
      #expect(["female", "male"].contains(try #require(figure.gender)))
      #expect((0.5...1).contains(try #require(figure.genderConfidence)))
      #expect(figure.emotion != nil)
      #expect((0...1).contains(try #require(figure.sharpness)))
      // Switched off unless the configuration says otherwise.
      #expect(figure.headPose == nil && figure.mouth == nil)
    }
    let people = try client.call(.figureClusters(library: "default")).figureClusters
    for person in people {
      let age = try #require(person.averageAge)
      #expect(person.gender != nil)
      #expect(try #require(person.minAge) <= age && age <= (try #require(person.maxAge)))
    }
    let detected = try client.call(
      .detectFaces(in: .file(try OpenFile(path: DemoLibrary.path("p01_01.jpg"))))
    ).faces
    #expect(detected.allSatisfy { $0.age != nil && $0.gender != nil })
  }

  @Test func peopleAndPhotographsAreFoundByThem() throws {
    let client = try ImportedLibrary.client()
    let people = try client.call(.figureClusters(library: "default")).figureClusters
    func count(
      _ method: String, _ parameters: [String: JSONValue], _ field: String
    ) throws
      -> Int?
    {
      let answer: JSONValue = try client.call(FaceRequest.raw(method, parameters))
      guard case .integer(let count)? = answer[field] else { return nil }
      return Int(count)
    }
    let women = try count(
      "QueryFigureClusters", ["Gender": "female", "WithTotalCount": true], "TotalCount")
    #expect(women == people.count { $0.gender == "female" })
    let range: JSONValue = .object(["Min": .integer(30)])
    let adults = try #require(
      try count(
        "QueryFigureClusters", ["AverageAgeRange": range, "WithTotalCount": true], "TotalCount"))
    // Whole years are told, and exact ones compared.
    #expect(adults >= people.count { ($0.averageAge ?? 0) > 30 })
    #expect(adults <= people.count { ($0.averageAge ?? 0) >= 30 })
    let happy = try count("SearchMedia", ["Match": "faces.emotion == 'happiness'"], "Total")
    let expected = try figures(client).filter { $0.emotion == "happiness" }
    #expect(happy == Set(expected.compactMap(\.mediaID)).count)
  }

  /// The daemon works without any of the networks, and what was stored then is filled later.
  @Test func whatIsSwitchedOnIsFilledWhenFilesAreImportedAgain() throws {
    let photo = DemoLibrary.path("p01_01.jpg")
    let daemon = try DaemonProcess(configuration: Self.noAttributes)
    var client = try daemon.client()
    try client.call(.importMedia(paths: [photo], wait: true))
    let before = try #require(try figures(client).first)
    #expect(before.age == nil && before.gender == nil && before.emotion == nil)
    let again = try client.call(.importMedia(paths: [photo], wait: true)).task
    #expect(again.progress.unchanged == 1)

    try daemon.restart(configuration: "[attributes]\nwhen = \"at-once\"\n")
    client = try daemon.client()
    #expect(try figures(client).first?.figureID == before.figureID)
    let filled = try client.call(.importMedia(paths: [photo], wait: true)).task
    #expect(filled.progress.unchanged == 0)
    let after = try #require(try figures(client).first)
    #expect(after.figureID == before.figureID)
    #expect(after.figureClusterID == before.figureClusterID)
    #expect(after.age != nil && after.gender != nil && after.emotion != nil)
    #expect(after.headPose != nil && after.mouth != nil)
  }

  /// Who asks is told, whatever the configuration says of the others.
  @Test(arguments: ["idle", "at-once"])
  func facesThatAreNotStoredAreDescribedOnRequest(when: String) throws {
    let daemon = try DaemonProcess(configuration: "[attributes]\nwhen = \"\(when)\"\n")
    let client = try daemon.client()
    func face(_ withAttributes: Bool?) throws -> FigureMessage {
      let image = ImageSource.path(DemoLibrary.path("p01_01.jpg"))
      let found = try client.call(.detectFaces(in: image, withAttributes: withAttributes))
      return try #require(found.faces.first)
    }
    let described = try face(true)
    #expect(described.age != nil && described.gender != nil && described.emotion != nil)
    #expect(described.headPose != nil && described.mouth != nil)
    let plain = try face(false)
    #expect(plain.age == nil && plain.gender == nil && plain.headPose == nil)
    #expect(plain.sharpness == described.sharpness && plain.boundary == described.boundary)
    #expect(try face(nil) == (when == "at-once" ? described : plain))
  }

  fileprivate static let noAttributes =
    "[attributes]\nage = false\ngender = false\nexpression = false\nmesh = false\n"
}

/// Attributes that are found out after faces were stored.
@Suite struct AttributeFillingTests {
  private func figures(_ client: FaceClient) throws -> [FigureMessage] {
    try client.call(.figures(of: .library("default"), pageSize: 500)).figures
  }

  /// A folder with some of the example photographs.
  private func folder(_ names: [String], in daemon: DaemonProcess) throws -> URL {
    let folder = daemon.folder.appending(path: "photos")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in names {
      try FileManager.default.copyItem(
        at: DemoLibrary.folder.appending(path: name), to: folder.appending(path: name))
    }
    return folder
  }

  /// Without being asked, without tasks, and as if they had been found out at once.
  @Test func areFoundOutWhileNothingElseIsToDo() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    #expect(try client.call(.status).model.attributes == ["age", "expression", "gender", "mesh"])
    try daemon.wait {
      let status = try client.call(.attributeStatus)
      return status.figures > 80 && status.described == status.figures
    }
    #expect(try client.call(.attributeStatus).open == 0)
    #expect(try client.call(.tasks()).tasks.allSatisfy { $0.taskType == "MediaImport" })
    func place(_ figure: FigureMessage) -> String {
      "\(figure.inputURL ?? "") \(figure.boundary.left) \(figure.boundary.top)"
    }
    let atOnce = Dictionary(
      uniqueKeysWithValues: try figures(try ImportedLibrary.client()).map { (place($0), $0) })
    for figure in try figures(client) {
      let expected = try #require(atOnce[place(figure)])
      #expect(abs(try #require(figure.age) - (try #require(expected.age))) <= 1)
      #expect(figure.gender == expected.gender || (expected.genderConfidence ?? 1) < 0.6)
      #expect(figure.sharpness == expected.sharpness)
      #expect(figure.headPose != nil && figure.mouth != nil)
    }
    let people = try client.call(.figureClusters(library: "default")).figureClusters
    #expect(people.count > 5)
    #expect(people.allSatisfy { $0.averageAge != nil && $0.gender != nil })
  }

  @Test func areFoundOutInTheSmallPicturesWherePhotographsAreGone() throws {
    let daemon = try DaemonProcess()
    let names = ["p01_01.jpg", "p03_01.jpg", "p07_01.jpg", "group_01.jpg"]
    let folder = try folder(names, in: daemon)
    let client = try daemon.client()
    try client.call(.importMedia(paths: [folder.path], wait: true))
    try FileManager.default.removeItem(at: folder)
    let task = try client.call(.fillAttributes(wait: true)).task
    #expect(task.status == .succeeded)
    let outcome = try #require(task.outcome)
    #expect(
      outcome["Figures"] == outcome["Described"].map { $0 + outcome["NotDescribed", default: 0] })
    #expect(outcome["FromCrops", default: 0] >= 3)
    #expect(try figures(client).count { $0.age != nil } == outcome["Described"])
    let status = try client.call(.attributeStatus)
    #expect(Set(status.notDescribed.keys).isSubset(of: ["Unreadable"]))
  }

  /// What was in the way is told, does not come up again by itself, and is tried again on request.
  @Test func areTriedAgainOnRequest() throws {
    let daemon = try DaemonProcess(configuration: "[storage]\nkeep-crops = false\n")
    let folder = try folder(["p01_01.jpg", "p03_01.jpg"], in: daemon)
    let client = try daemon.client()
    try client.call(.importMedia(paths: [folder.path], wait: true))
    let aside = daemon.folder.appending(path: "aside")
    try FileManager.default.moveItem(at: folder, to: aside)
    let refused = try client.call(.fillAttributes(wait: true)).task
    #expect(refused.outcome?["NotDescribed"] == 2)
    #expect(try client.call(.attributeStatus).notDescribed == ["Unreadable": 2])
    #expect(try client.call(.attributeStatus).open == 0)
    try FileManager.default.moveItem(at: aside, to: folder)
    let filled = try client.call(.fillAttributes(wait: true)).task
    #expect(filled.outcome?["Described"] == 2 && filled.outcome?["FromCrops"] == 0)
    #expect(try client.call(.attributeStatus).notDescribed.isEmpty)
  }

  /// Without small pictures there is nothing to look at later.
  @Test func ofVideosAreFoundOutInTheirFrames() throws {
    let daemon = try DaemonProcess(configuration: "[storage]\nkeep-crops = false\n")
    let client = try daemon.client()
    try client.call(.importMedia(paths: [TestVideos.example], wait: true))
    let found = try figures(client)
    #expect(found.count == 3)
    #expect(found.allSatisfy { $0.age != nil && $0.gender != nil && $0.headPose != nil })
    let status = try client.call(.attributeStatus)
    #expect(status.described == 3 && status.open == 0 && status.notDescribed.isEmpty)
    let again = try client.call(.importMedia(paths: [TestVideos.example], wait: true)).task
    #expect(again.progress.unchanged == 1)
  }

  /// They come from the small pictures, or else when the file is imported again.
  @Test(arguments: [true, false])
  func ofVideosThatWereStoredWithoutAreFoundOut(keepsCrops: Bool) throws {
    let storage = "[storage]\nkeep-crops = \(keepsCrops)\n"
    let daemon = try DaemonProcess(configuration: storage + AttributeTests.noAttributes)
    try daemon.client().call(.importMedia(paths: [TestVideos.example], wait: true))
    let before = try figures(try daemon.client())
    #expect(before.count == 3 && before.allSatisfy { $0.gender == nil })
    try daemon.restart(configuration: storage)
    let client = try daemon.client()
    let task = try client.call(.fillAttributes(wait: true)).task
    let described = try #require(task.outcome?["Described"])
    #expect(keepsCrops ? described >= 2 : described == 0)
    #expect(task.outcome?["FromCrops"] == described)
    #expect(try figures(client).count { $0.gender != nil } == described)
    guard !keepsCrops else { return }
    #expect(try client.call(.attributeStatus).notDescribed == ["NoPicture": 3])
    try client.call(.importMedia(paths: [TestVideos.example], wait: true))
    let after = try figures(client)
    #expect(Set(after.map(\.figureID)) == Set(before.map(\.figureID)))
    #expect(after.allSatisfy { $0.gender != nil })
    #expect(try client.call(.attributeStatus).notDescribed.isEmpty)
  }

  /// A kill loses nothing that was stored, and the task goes on.
  @Test func goOnAfterAKill() throws {
    let daemon = try DaemonProcess(configuration: "[analysis]\nworkers = 1\n")
    try daemon.client().call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    let client = try daemon.client()
    let task = try client.call(.fillAttributes()).task.taskID
    try daemon.wait { try client.call(.attributeStatus).described > 0 }
    daemon.kill(SIGKILL)
    try daemon.start()
    let restarted = try daemon.client()
    #expect(try restarted.call(.attributeStatus).described > 0)
    let ended = try restarted.call(.waitForTask(task)).task
    #expect(ended.status == .succeeded)
    #expect(try restarted.call(.attributeStatus).open == 0)
  }

  @Test func areRefusedWhereNoneIsSwitchedOn() throws {
    let daemon = try DaemonProcess(configuration: AttributeTests.noAttributes)
    let client = try daemon.client()
    #expect(try client.call(.attributeStatus).attributes.isEmpty)
    #expect {
      try client.call(.fillAttributes(wait: true))
    } throws: { error in
      (error as? ClientError)?.code == .invalidParameter
    }
  }
}
