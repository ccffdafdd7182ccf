import FaceClient
import Foundation
import Testing
import WireProtocol

/// Correcting who is who, and taking it back.
@Suite struct CurationTests {
  /// A daemon with photographs of two people, each of whom is one cluster.
  fileprivate struct Library {
    let daemon: DaemonProcess
    var client: FaceClient
    /// Two clusters.
    let ann: String
    let bob: String

    init() throws {
      daemon = try DaemonProcess()
      client = try daemon.client()
      let names = (1...5).map { "p01_0\($0).jpg" } + (2...5).map { "p05_0\($0).jpg" }
      try client.call(.importMedia(paths: names.map(DemoLibrary.path), wait: true))
      ann = try Self.cluster(of: "p01_01.jpg", client)
      bob = try Self.cluster(of: "p05_02.jpg", client)
      try #require(ann != bob)
    }

    private static func cluster(of photograph: String, _ client: FaceClient) throws -> String {
      let medium = try client.call(.medium(inputURL: DemoLibrary.path(photograph))).mediaInfo
      return try #require(medium.figures?.first?.figureClusterID)
    }

    /// The faces of a cluster in the order of the photographs' names.
    func figures(_ cluster: String) throws -> [String] {
      try client.call(.figures(of: .cluster(cluster))).figures
        .sorted { ($0.inputURL ?? "") < ($1.inputURL ?? "") }.compactMap(\.figureID)
    }

    func figure(_ identifier: String) throws -> FigureMessage {
      let all = try client.call(.figures(of: .library("default"), pageSize: 500)).figures
      return try #require(all.first { $0.figureID == identifier })
    }

    func state() throws -> [String: String] { try client.identityState() }

    func eventCount() throws -> Int {
      try client.all("ListIdentityEvents", "Events", ["MaxResults": 100]).count
    }

    /// Ends the daemon at once and starts it again.
    mutating func crash() throws {
      daemon.kill(SIGKILL)
      try daemon.start()
      client = try daemon.client()
    }

    func refuses(_ code: ErrorCode, _ request: FaceRequest<CurationResult>) throws {
      let before = try state()
      #expect { try client.call(request) } throws: { ($0 as? ClientError)?.code == code }
      #expect(try state() == before)
    }
  }

  /// Every method that changes who is who.
  enum Change: String, CaseIterable {
    case update, merge, split, move, moveToNew, reject, markNotFace, link, separate, ignore
    case updateFile

    fileprivate func request(
      _ library: Library, isRehearsal: Bool
    ) throws -> FaceRequest<CurationResult> {
      let (ann, bob) = (library.ann, library.bob)
      let (annsFaces, bobsFaces) = (try library.figures(ann), try library.figures(bob))
      switch self {
      case .update:
        var changes = FigureClusterChanges()
        changes.name = "Ann"
        changes.customID = "17"
        changes.customLabels = ["album": "family"]
        changes.cover = annsFaces[1]
        changes.isFavourite = true
        changes.isHidden = true
        changes.birthDate = "1990-05-17"
        return .updateCluster(ann, changes, isRehearsal: isRehearsal)
      case .merge: return .mergeClusters([bob], into: ann, isRehearsal: isRehearsal)
      case .split:
        return .splitCluster(
          ann, figures: Array(annsFaces.prefix(2)), name: "Cy", isRehearsal: isRehearsal)
      case .move:
        return .moveFigures(Array(annsFaces.prefix(1)), to: bob, isRehearsal: isRehearsal)
      case .moveToNew:
        return .moveFigures(
          [annsFaces[0], bobsFaces[0]], toNewClusterNamed: "Eve", isRehearsal: isRehearsal)
      case .reject: return .rejectFigures([annsFaces[0]], from: ann, isRehearsal: isRehearsal)
      case .markNotFace: return .markNotFaces([annsFaces[0]], isRehearsal: isRehearsal)
      case .link:
        return .linkFigures([annsFaces[0], bobsFaces[0]], isRehearsal: isRehearsal)
      case .separate:
        return .separateFigures(annsFaces[0], annsFaces[1], isRehearsal: isRehearsal)
      case .ignore: return .ignoreClusters([ann, bob], isRehearsal: isRehearsal)
      case .updateFile:
        return .updateFile(
          DemoLibrary.path("p01_01.jpg"), figures: [(annsFaces[0], .cluster(bob))],
          isRehearsal: isRehearsal)
      }
    }
  }

  @Test(arguments: Change.allCases)
  func isTriedWithoutATraceUndoneAndRedone(change: Change) throws {
    var library = try Library()
    let first = try library.state()
    let events = try library.eventCount()

    let rehearsal = try library.client.call(change.request(library, isRehearsal: true))
    #expect(rehearsal.change.dryRun == true)
    #expect(rehearsal.change.undoID == nil)
    #expect(try library.state() == first)
    #expect(try library.eventCount() == events)

    let real = try library.client.call(change.request(library, isRehearsal: false))
    let event = try #require(real.change.undoID)
    #expect(rehearsal.change.event?.figuresMoved == real.change.event?.figuresMoved)
    let second = try library.state()
    #expect(second != first)

    let undo = try library.client.call(.undo(event))
    #expect(undo.keptCount == 0)
    #expect(try library.state() == first)
    let redo = try library.client.call(.undo(try #require(undo.change.undoID)))
    #expect(redo.keptCount == 0)
    #expect(try library.state() == second)

    try library.crash()
    #expect(try library.state() == second)
    try library.client.call(.undo(event))
    #expect(try library.state() == first)
  }

  @Test func anUndoneRedoLeavesTheFirstEventUndone() throws {
    let library = try Library()
    let client = library.client
    let event = try #require(
      try client.call(.mergeClusters([library.bob], into: library.ann)).change.undoID)
    var latest = event
    for isUndone in [true, false, true, false] {
      latest = try #require(try client.call(.undo(latest)).change.undoID)
      #expect((try client.call(.identityEvent(event)).event.reversedBy != nil) == isUndone)
    }
    try client.call(.undo(event))
    try library.refuses(.alreadyUndone, .undo(event))
  }

  @Test func refusesAChangeOfWhatSomebodyElseChanged() throws {
    let library = try Library()
    let faces = try library.figures(library.ann)
    var changes = FigureClusterChanges()
    changes.name = "Ann"
    let read = try library.client.call(.figureCluster(library.ann)).figureCluster.metaLockVersion
    try library.client.call(.updateCluster(library.ann, changes, lockVersion: read))
    try library.refuses(
      .lockVersionConflict, .updateCluster(library.ann, changes, lockVersion: read))
    try library.refuses(
      .lockVersionConflict, .mergeClusters([library.bob], into: library.ann, lockVersion: read))
    try library.refuses(
      .lockVersionConflict,
      .splitCluster(library.ann, figures: [faces[0]], lockVersion: read))
  }

  @Test func whatUsersSaidSurvivesReclusteringAndRestart() throws {
    var library = try Library()
    let (annsFaces, bobsFaces) = (
      try library.figures(library.ann), try library.figures(library.bob)
    )
    var names = FigureClusterChanges()
    names.name = "Ann"
    try library.client.call(.updateCluster(library.ann, names))
    names.name = "Bob"
    try library.client.call(.updateCluster(library.bob, names))
    try library.client.call(.moveFigures([annsFaces[0]], to: library.bob))
    try library.client.call(.rejectFigures([annsFaces[1]], from: library.ann))
    try library.client.call(.markNotFaces([bobsFaces[0]]))

    for _ in 0..<2 {
      try library.client.call(.recluster(wait: true))
      try library.crash()
      #expect(try library.client.call(.figureCluster(library.ann)).figureCluster.name == "Ann")
      #expect(try library.client.call(.figureCluster(library.bob)).figureCluster.name == "Bob")
      #expect(try library.figure(annsFaces[0]).figureClusterID == library.bob)
      #expect(try library.figure(annsFaces[1]).figureClusterID != library.ann)
      let noFace = try library.figure(bobsFaces[0])
      #expect(noFace.figureClusterID == nil)
      #expect(noFace.waitingReason == "NotAFace")
    }
    // Importing the same file again does not bring it back either.
    try library.client.call(.importMedia(paths: [DemoLibrary.path("p05_02.jpg")], wait: true))
    #expect(try library.figure(bobsFaces[0]).waitingReason == "NotAFace")
    try library.client.call(.moveFigures([bobsFaces[0]], to: library.bob))
    #expect(try library.figure(bobsFaces[0]).figureClusterID == library.bob)
  }

  @Test func refusesWhatContradictsEarlierWords() throws {
    let library = try Library()
    let faces = try library.figures(library.ann)
    let other = try library.figures(library.bob)[0]
    try library.client.call(.linkFigures([faces[0], faces[1]]))
    try library.refuses(.identityConflict, .separateFigures(faces[0], faces[1]))
    try library.client.call(.separateFigures(faces[0], other))
    try library.refuses(.identityConflict, .linkFigures([faces[1], other]))
    try library.refuses(.identityConflict, .mergeClusters([library.bob], into: library.ann))
  }

  // MARK: Merged clusters

  @Test func aMergedIdentifierLeadsToTheHeir() throws {
    let library = try Library()
    let client = library.client
    try client.call(.mergeClusters([library.bob], into: library.ann))
    let merged = try client.call(.figureCluster(library.bob)).figureCluster
    #expect(merged.mergedInto == library.ann)
    #expect(merged.faceCount == 0)
    #expect(try client.call(.figureCluster(library.ann)).figureCluster.mergedFrom == [library.bob])
    #expect(
      try client.call(.figureClusters()).figureClusters.map(\.objectID) == [library.ann])
    try library.refuses(.invalidParameter, .mergeClusters([library.bob], into: library.ann))
    let faces = try library.figures(library.ann)
    try library.refuses(.invalidParameter, .moveFigures([faces[0]], to: library.bob))
  }

  @Test func mergesAsATaskThatHasEndedAndCanBeUndone() throws {
    let library = try Library()
    let before = try library.state()
    let result = try library.client.call(.mergingTask([library.bob], into: library.ann))
    #expect(result.task.status == .succeeded)
    #expect(try library.client.call(.task(result.taskID)).task == result.task)
    #expect(try library.client.call(.figureCluster(library.ann)).figureCluster.faceCount == 9)
    try library.client.call(.undo(try #require(result.eventID)))
    #expect(try library.state() == before)
  }

  @Test func getsManyClustersInTheOrderOfTheRequest() throws {
    let library = try Library()
    let unknown = "Cluster-00000000-0000-4000-8000-000000000000"
    let found = try library.client.call(
      .figureClusters([library.bob, unknown, library.ann])
    ).figureClusters
    #expect(found.map(\.objectID) == [library.bob, library.ann])
    #expect(
      found
        == (try found.map { try library.client.call(.figureCluster($0.objectID)).figureCluster }))
    let tooMany = (0...100).map { _ in "Cluster-\(UUID().uuidString.lowercased())" }
    #expect { try library.client.call(.figureClusters(tooMany)) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
  }

  // MARK: Files

  @Test func putsFacesOfAFileWhereTheyAreWanted() throws {
    let library = try Library()
    let path = DemoLibrary.path("p01_01.jpg")
    let face = try library.figures(library.ann)[0]
    func place(_ place: FigurePlace) throws -> CurationResult {
      try library.client.call(.updateFile(path, figures: [(face, place)]))
    }
    // Where it is already: what was read may be sent back.
    #expect(try place(.cluster(library.ann)).change.event == nil)
    _ = try place(.cluster(library.bob))
    #expect(try library.figure(face).figureClusterID == library.bob)
    _ = try place(.undecided)
    #expect(try library.figure(face).figureClusterID == library.ann)
    #expect(try place(.elsewhere).change.event?.kind == "Rejection")
    try library.client.call(.recluster(wait: true))
    #expect(try library.figure(face).figureClusterID != library.ann)
  }

  @Test func anUndecidedFaceThatWasNoneIsClusteredAnew() throws {
    let library = try Library()
    let face = try library.figures(library.ann)[0]
    try library.client.call(.markNotFaces([face]))
    try library.client.call(
      .updateFile(DemoLibrary.path("p01_01.jpg"), figures: [(face, .undecided)]))
    #expect(try library.figure(face).figureClusterID == library.ann)
  }

  @Test func refusesFacesThatAreNotInTheFile() throws {
    let library = try Library()
    let face = try library.figures(library.ann)[0]
    let other = DemoLibrary.path("p05_02.jpg")
    try library.refuses(
      .invalidParameter, .updateFile(other, figures: [(face, .cluster(library.bob))]))
    try library.refuses(
      .resourceNotFound, .updateFile("/no/such.jpg", figures: [(face, .cluster(library.bob))]))
    let wrong: [JSONValue] = [
      ["FigureId": .string(face), "FigureClusterId": "somebody"],
      ["FigureId": .string(face), "FigureClusterId": .string(library.bob), "FigureType": "hand"],
      ["FigureClusterId": .string(library.bob)],
    ]
    for figure in wrong {
      #expect(throws: ClientError.self) {
        try library.client.call(
          .raw(
            "UpdateFileMeta",
            ["File": ["URI": .string(DemoLibrary.path("p01_01.jpg")), "Figures": [figure]]]))
      }
    }
  }

  // MARK: The log

  @Test func tellsWhatConcernedAFaceAndWhoDidIt() throws {
    let library = try Library()
    let client = library.client
    let face = try library.figures(library.ann)[0]
    var changes = FigureClusterChanges()
    changes.isFavourite = true
    changes.birthDate = "1990-05-17"
    try client.call(.updateCluster(library.bob, changes))
    try client.call(.moveFigures([face], to: library.bob))
    let ofFace = try client.call(.identityEvents(of: .figure(face), byUsersOnly: true)).events
    #expect(ofFace.map(\.kind) == ["Move"])
    #expect(ofFace.first?.requestedBy == getuid())
    let ofBob = try client.call(.identityEvents(of: .cluster(library.bob), byUsersOnly: true))
      .events
    #expect(ofBob.map(\.kind) == ["Move", "Update"])
    #expect(ofBob.last?.clusters.first?.fields == ["Favourite", "BirthDate"])
    let moves = try client.call(.identityEvent(ofBob[0].eventID)).event.figures ?? []
    #expect(moves.contains(.init(figureID: face, from: library.ann, to: library.bob)))
  }

  @Test func erasingTheLogKeepsWhoIsWho() throws {
    let library = try Library()
    let event = try #require(
      try library.client.call(.mergeClusters([library.bob], into: library.ann)).change.undoID)
    let state = try library.state()
    #expect(
      try library.client.call(.eraseIdentityEvents(before: "2000-01-01T00:00:00Z")).erased == 0)
    #expect(try library.client.call(.eraseIdentityEvents()).erased > 1)
    #expect(try library.state() == state)
    #expect(try library.eventCount() == 0)
    try library.refuses(.resourceNotFound, .undo(event))
  }
}
