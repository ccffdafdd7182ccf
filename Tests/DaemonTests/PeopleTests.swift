import FaceClient
import Foundation
import Testing
import WireProtocol

/// Taking who is who from one library to another one that has the same photographs.
@Suite struct PeopleTests {
  private static let photographs =
    (1...5).map { "p01_0\($0).jpg" } + (2...5).map { "p05_0\($0).jpg" }

  /// A daemon with photographs of two people.
  private struct Library {
    let daemon: DaemonProcess
    let client: FaceClient

    init(_ names: [String] = photographs) throws {
      daemon = try DaemonProcess()
      client = try daemon.client()
      try client.call(.importMedia(paths: names.map(DemoLibrary.path), wait: true))
    }

    /// The only figure of a photograph.
    func figure(_ photograph: String) throws -> FigureMessage {
      let medium = try client.call(.medium(inputURL: DemoLibrary.path(photograph))).mediaInfo
      return try #require(medium.figures?.first)
    }

    func figureID(_ photograph: String) throws -> String {
      try #require(try figure(photograph).figureID)
    }

    func cluster(_ photograph: String) throws -> String {
      try #require(try figure(photograph).figureClusterID)
    }

    /// Every person in words that mean the same in every library.
    func people() throws -> Set<String> {
      Set(
        try client.everyFigureCluster().map { cluster in
          let id = cluster["ObjectId"]?.stringValue ?? ""
          let figures = try client.call(.figures(of: .cluster(id), pageSize: 500)).figures
          let files = figures.compactMap { $0.inputURL?.split(separator: "/").last }.sorted()
          let facts = ["Name", "CustomId", "BirthDate", "Hidden", "Favourite", "Ignored"]
            .map { "\(cluster[$0] ?? .null)" }
          return "\(facts) \(cluster["CustomLabels"] ?? .null) \(files)"
        })
    }

    func export() throws -> [PeopleRecord] {
      var records: [PeopleRecord] = []
      var token: String?
      repeat {
        let page = try client.call(.exportPeople(pageSize: 4, nextToken: token))
        records += page.people
        token = page.nextToken
      } while token != nil
      return records
    }

    @discardableResult
    func bring(_ records: [PeopleRecord], isRehearsal: Bool = false) throws -> ImportPeopleResult {
      let path = daemon.folder.appending(path: "people.jsonl").path
      let lines = try records.flatMap { try LineCodec.encode($0) }
      try Data(lines).write(to: URL(filePath: path))
      return try client.call(.importPeople(from: OpenFile(path: path), isRehearsal: isRehearsal))
    }
  }

  /// A library in which users said all that can be said.
  private func described() throws -> Library {
    let library = try Library()
    let (ann, bob) = (try library.cluster("p01_01.jpg"), try library.cluster("p05_02.jpg"))
    let client = library.client
    var changes = FigureClusterChanges()
    changes.name = "Ann"
    changes.customID = "17"
    changes.customLabels = ["album": "family"]
    changes.birthDate = "1990-05-17"
    changes.isFavourite = true
    changes.cover = try library.figureID("p01_03.jpg")
    try client.call(.updateCluster(ann, changes))
    try client.call(.nameCluster(bob, name: "Bob"))
    // Two that no machine would find.
    try client.call(.moveFigures([library.figureID("p01_05.jpg")], to: bob))
    try client.call(.rejectFigures([library.figureID("p05_03.jpg")], from: bob))
    try client.call(.markNotFaces([library.figureID("p05_05.jpg")]))
    try client.call(.linkFigures([library.figureID("p01_01.jpg"), library.figureID("p01_02.jpg")]))
    try client.call(
      .separateFigures(library.figureID("p01_02.jpg"), library.figureID("p05_02.jpg")))
    return library
  }

  @Test func aLibraryRebuiltFromItsPhotographsHasTheSamePeople() throws {
    let old = try described()
    let records = try old.export()
    let new = try Library(Self.photographs.reversed())
    #expect(try new.people() != old.people())

    let tried = try new.bring(records, isRehearsal: true)
    #expect(tried.change.dryRun == true)
    let before = try new.people()
    let result = try new.bring(records)
    #expect(result.facesMatched == result.faces)
    #expect(result.peopleNotFound.isEmpty)
    #expect(result.statementsRefused == 0)
    #expect(try new.people() == old.people())
    // What was said came along, so that it holds for what comes later.
    #expect(
      try Set(new.export().map(Self.text)) == Set(old.export().map(Self.text)))
    let waiting = try new.client.call(.figures(of: .waiting("default"))).figures
    #expect(waiting.contains { $0.waitingReason == "NotAFace" })
    try new.client.call(.recluster(wait: true))
    #expect(try new.people() == old.people())

    // The second time there is nothing to do.
    let again = try new.bring(records)
    #expect(again.change.event == nil)
    // It is one event, and can be taken back.
    try new.client.call(.undo(#require(result.change.undoID)))
    #expect(try new.people() == before)
  }

  /// A record without the names that a library gives its people.
  private static func text(_ record: PeopleRecord) throws -> String {
    var record = record
    record.person = record.person.map { _ in "somebody" }
    // Box corners differ in the last digits where a file was analysed in another order.
    record.faces = record.faces?.map {
      PortableFaceMessage(
        contentSHA256: $0.contentSHA256, box: $0.box.map { ($0 * 1000).rounded() })
    }.sorted { $0.contentSHA256 < $1.contentSHA256 }
    return String(decoding: try LineCodec.content(record), as: UTF8.self)
  }

  @Test func whatContradictsIsReportedAndLeftOut() throws {
    let old = try described()
    let new = try Library()
    let (one, two) = (try new.figureID("p01_01.jpg"), try new.figureID("p01_02.jpg"))
    let separated = try new.client.call(.separateFigures(one, two))
    #expect(separated.change.event != nil)
    let cluster = try new.cluster("p01_03.jpg")
    try new.client.call(.nameCluster(cluster, name: "Anna"))

    let result = try new.bring(try old.export())
    #expect(result.statementsRefused >= 1)
    #expect(result.refusals.count == result.statementsRefused)
    let link = try #require(result.refusals.first { $0.kind == "MustLink" })
    #expect(Set([link.figureID, link.otherFigureID ?? ""]) == [one, two])
    #expect(!link.reason.isEmpty)
    #expect(result.namesKept == [KeptName(objectID: cluster, name: "Anna", nameInFile: "Ann")])
    // What was said here stands.
    #expect(try new.figure("p01_01.jpg").figureClusterID != new.cluster("p01_02.jpg"))
    #expect(
      try new.client.call(.figureCluster(cluster)).figureCluster.name == "Anna")
  }

  @Test func peopleWithoutPhotographsAreReported() throws {
    let records = try described().export()
    let new = try Library(["p05_02.jpg", "p05_04.jpg"])
    let result = try new.bring(records)
    #expect(result.peopleNotFound.contains("Ann"))
    #expect(result.facesMatched < result.faces)
    #expect(try new.people().contains { $0.contains("Bob") })
  }

  @Test func aFileThatIsNoExportIsRefused() throws {
    let library = try Library(["p05_02.jpg"])
    let path = library.daemon.folder.appending(path: "bad.jsonl").path
    try Data(#"{"Kind":"Person","Person":"x"}\#n{"Kind":"Nonsense"}"#.utf8)
      .write(to: URL(filePath: path))
    #expect {
      try library.client.call(.importPeople(from: OpenFile(path: path)))
    } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
  }
}
