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
    let daemon = try DaemonProcess()
    var client = try daemon.client()
    try client.call(.importMedia(paths: [photo], wait: true))
    let before = try #require(try figures(client).first)
    #expect(before.age == nil && before.gender == nil && before.emotion == nil)
    let again = try client.call(.importMedia(paths: [photo], wait: true)).task
    #expect(again.progress.unchanged == 1)

    try daemon.restart(configuration: ImportedLibrary.allAttributes + "mesh = true\n")
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
}
