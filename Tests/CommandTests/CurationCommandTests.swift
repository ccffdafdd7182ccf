import Foundation
import Synchronization
import Testing
import WireProtocol

/// The commands that correct who is who, against a daemon that answers what a test tells it to.
@Suite(.timeLimit(.minutes(2))) struct CurationCommandTests {
  private static let ada = "Cluster-3fa9c1d2-0000-4000-8000-000000000001"
  private static let bob = "Cluster-77d2ffff-0000-4000-8000-000000000002"
  private static let merger = "5d3e1c2a-0000-4000-8000-00000000000a"

  private static func cluster(
    _ identifier: String, _ name: String, mergedInto: String? = nil
  ) -> FigureClusterMessage {
    var cluster = FigureClusterMessage(
      projectName: "figured", datasetName: "default", objectID: identifier,
      createTime: "2026-11-20T10:00:00Z", updateTime: "2026-11-21T09:12:00Z", name: name,
      faceCount: 12, imageCount: 11, videoCount: 0, metaLockVersion: 3)
    cluster.mergedInto = mergedInto
    return cluster
  }

  private static func event(
    _ identifier: String = merger, kind: String = "Merge", user: UInt32? = getuid(),
    reverses: String? = nil, reversedBy: String? = nil
  ) -> IdentityEventMessage {
    IdentityEventMessage(
      eventID: identifier, kind: kind, time: "2026-11-21T09:12:00Z", requestedBy: user,
      reverses: reverses, reversedBy: reversedBy, figuresMoved: 4, statementsMade: 0,
      clusters: [
        .init(
          change: "Changed", objectID: ada, nameBefore: nil, name: "Ada", fields: ["Confirmed"],
          figuresGained: 4, figuresLost: 0, mergedInto: nil),
        .init(
          change: "Merged", objectID: bob, nameBefore: nil, name: "Bob", fields: nil,
          figuresGained: 0, figuresLost: 4, mergedInto: ada),
      ], figures: nil)
  }

  private static func answer(_ body: some Codable & Sendable) throws -> String {
    let line = try LineCodec.encode(Answer(requestID: "r", body: body, withSuccess: false))
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  private static func change(isRehearsal: Bool = false) -> CurationResult {
    CurationResult(
      figureCluster: cluster(ada, "Ada"),
      change: IdentityChangeMessage(
        undoID: isRehearsal ? nil : merger, dryRun: isRehearsal ? true : nil, event: event()))
  }

  /// A daemon with Ada and Bob that notes what it is asked to change.
  private final class Daemon: Sendable {
    private let changes = Mutex<[[String: JSONValue]]>([])
    private let scripted = Mutex<ScriptedDaemon?>(nil)

    init(events: [IdentityEventMessage] = [event()]) throws {
      let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { [weak self] call in
        switch call.method {
        case "QueryFigureClusters":
          call.answer(
            try answer(
              QueryFigureClustersResult(
                figureClusters: [cluster(ada, "Ada"), cluster(bob, "Bob")], nextToken: nil,
                totalCount: nil)))
        case "GetFigureCluster":
          let isBob = call.parameters["ObjectId"]?.stringValue == bob
          call.answer(
            try answer(
              FigureClusterResult(
                figureCluster: isBob ? cluster(bob, "Bob", mergedInto: ada) : cluster(ada, "Ada"))))
        case "ListFigures":
          let figures = ["9c010000", "9c01ffff", "17fe0000"].map {
            #"{"FigureId":"\#($0)-0000-4000-8000-000000000000","FigureType":"face","#
              + #""FigureConfidence":1,"FaceQuality":1,"Boundary":{"Left":0,"Top":0,"Width":1,"#
              + #""Height":1},"Landmarks":[],"FoundingObstacles":[]}"#
          }
          call.answer(#"{"RequestId":"r","Figures":[\#(figures.joined(separator: ","))]}"#)
        case "ListIdentityEvents":
          call.answer(
            try answer(ListIdentityEventsResult(events: events, nextToken: nil, totalCount: nil)))
        case "GetIdentityEvent":
          call.answer(try answer(IdentityEventResult(event: events[0])))
        default:
          self?.changes.withLock { $0.append(call.parameters) }
          let isRehearsal = call.parameters["DryRun"] == true
          call.answer(try answer(change(isRehearsal: isRehearsal)))
        }
      }
      scripted.withLock { $0 = daemon }
    }

    deinit { scripted.withLock { $0?.stop() } }

    var path: String { scripted.withLock { $0?.path ?? "" } }
    var asked: [[String: JSONValue]] { changes.withLock { $0 } }
  }

  @Test func mergesAndSaysHowToTakeItBack() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(["merge", "Ada", "77d2"], socket: daemon.path)
    #expect(run.code == 0)
    #expect(
      run.output == """
        Merged “Bob” (77d2ffff) into “Ada” (3fa9c1d2): 4 faces moved.
        Undo: figurectl undo \(Self.merger)

        """)
    #expect(
      daemon.asked == [
        ["Froms": [.string(Self.bob)], "To": .string(Self.ada), "MetaLockVersion": 3]
      ])
  }

  @Test func triesWithoutOfferingAnUndo() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(["merge", "Ada", "Bob", "--dry-run"], socket: daemon.path)
    #expect(run.output.hasPrefix("Dry run, nothing has changed."))
    #expect(!run.output.contains("Undo:"))
    #expect(daemon.asked.first?["DryRun"] == true)
  }

  @Test func printsTheDaemonsAnswerAsJSON() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(["--json", "ignore", "Bob"], socket: daemon.path)
    let value = try JSONParser.parse(Array(run.output.utf8.dropLast()))
    #expect(value["UndoId"] == .string(Self.merger))
  }

  private static let requests: [([String], [String: JSONValue])] = [
    (["split", "Ada", "17fe", "--name", "Cy"], ["ObjectId": .string(ada), "Name": "Cy"]),
    (["move", "17fe", "--to", "Bob"], ["To": .string(bob)]),
    (["move", "17fe", "--new", "--name", "Cy"], ["Name": "Cy"]),
    (["reject", "Ada", "17fe"], ["ObjectId": .string(ada)]),
    (["not-a-face", "17fe"], [:]),
    (["ignore", "Ada", "--undo"], ["Ignored": false]),
    (["link", "17fe", "9c01f"], [:]),
    (["separate", "17fe", "9c01f"], [:]),
  ]

  @Test(arguments: requests)
  func asksForWhatWasMeant(arguments: [String], expected: [String: JSONValue]) throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(arguments, socket: daemon.path)
    #expect(run.code == 0, "\(run.diagnostics)")
    let asked = try #require(daemon.asked.first)
    for (name, value) in expected { #expect(asked[name] == value, "\(name)") }
    if arguments.contains("17fe") {
      #expect(
        asked["Figures"]?.arrayValue?.first == "17fe0000-0000-4000-8000-000000000000")
    }
  }

  @Test func setsMarksAndChangesSingleLabels() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(
      [
        "set", "Ada", "--favourite", "--no-hidden", "--birth-date", "1815-12-10", "--label",
        "album=family", "--cover", "17fe",
      ], socket: daemon.path)
    #expect(run.code == 0)
    #expect(
      daemon.asked.first?["FigureCluster"] == [
        "ObjectId": .string(Self.ada), "MetaLockVersion": 3, "Favourite": true, "Hidden": false,
        "BirthDate": "1815-12-10", "CustomLabels": ["album": "family"],
        "Cover": ["Figures": [["FigureId": "17fe0000-0000-4000-8000-000000000000"]]],
      ])
  }

  @Test func listsCandidatesWhereAFaceIsAmbiguous() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(["reject", "Ada", "9c01"], socket: daemon.path)
    #expect(run.code == 1)
    #expect(run.diagnostics.contains("9c010000-"))
    #expect(run.diagnostics.contains("9c01ffff-"))
    #expect(daemon.asked.isEmpty)
  }

  @Test func followsAMergedPersonAndSaysSo() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(["reject", Self.bob, "17fe"], socket: daemon.path)
    #expect(run.code == 0)
    #expect(run.diagnostics == "“Bob” (77d2ffff) was merged into “Ada” (3fa9c1d2).\n")
    #expect(daemon.asked.first?["ObjectId"] == .string(Self.ada))
  }

  @Test func showsTheHistoryWithinEightyColumns() throws {
    let daemon = try Daemon(events: [
      Self.event("aaaa1111-0000-4000-8000-000000000001", kind: "Undo", reverses: Self.merger),
      Self.event(reversedBy: "aaaa1111-0000-4000-8000-000000000001"),
      Self.event("bbbb1111-0000-4000-8000-000000000001", kind: "Clustering", user: nil),
      Self.event("cccc1111-0000-4000-8000-000000000001", kind: "Update", user: 4_000_000_000),
    ])
    let run = try Figurectl.run(["history"], socket: daemon.path)
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1].contains("Undid 5d3e1c2a"))
    #expect(lines[2].contains("Merged “Bob” into “Ada”"))
    #expect(lines[2].hasSuffix("undone"))
    #expect(lines[3].contains("(figured)"))
    #expect(lines[4].contains("4000000000"))
  }

  @Test func undoesTheLatestOfTheUsersOwnChangesThatStands() throws {
    let other = "dddd1111-0000-4000-8000-000000000001"
    let daemon = try Daemon(events: [
      Self.event("aaaa1111-0000-4000-8000-000000000001", kind: "Undo", reverses: other),
      Self.event(other, reversedBy: "aaaa1111-0000-4000-8000-000000000001"),
      Self.event("bbbb1111-0000-4000-8000-000000000001", user: getuid() + 1), Self.event(),
    ])
    let run = try Figurectl.run(["undo"], socket: daemon.path)
    #expect(run.code == 0)
    #expect(run.diagnostics.contains("Merged “Bob” into “Ada”"))
    #expect(run.output.contains("Redo: figurectl redo \(Self.merger)"))
    #expect(daemon.asked == [["EventId": .string(Self.merger)]])
  }

  @Test func redoesByUndoingTheUndo() throws {
    let undo = "aaaa1111-0000-4000-8000-000000000001"
    let daemon = try Daemon(events: [Self.event(reversedBy: undo)])
    let run = try Figurectl.run(["redo", "5d3e"], socket: daemon.path)
    #expect(run.code == 0)
    #expect(run.output.hasPrefix("Redone: Merged “Bob” into “Ada”"))
    #expect(daemon.asked == [["EventId": .string(undo)]])
  }

  @Test func refusesToRedoWhatStands() throws {
    let daemon = try Daemon()
    let run = try Figurectl.run(["redo", Self.merger], socket: daemon.path)
    #expect(run.code == 1)
    #expect(daemon.asked.isEmpty)
  }
}
