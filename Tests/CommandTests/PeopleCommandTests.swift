import Foundation
import Synchronization
import Testing
import WireProtocol

/// The commands that explain, ask, and carry people away, against a daemon that answers what a test
/// tells it to.
@Suite(.timeLimit(.minutes(2))) struct PeopleCommandTests {
  private static let ada = "Cluster-3fa9c1d2-0000-4000-8000-000000000001"
  private static let bob = "Cluster-77d2ffff-0000-4000-8000-000000000002"
  private static let faces = ["9c010000", "17fe0000"].map { "\($0)-0000-4000-8000-000000000000" }
  private static let event = "5d3e1c2a-0000-4000-8000-00000000000a"

  private static func answer(_ body: some Codable & Sendable) throws -> String {
    let line = try LineCodec.encode(Answer(requestID: "r", body: body, withSuccess: false))
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  private static let figures: String = {
    let figures = faces.map {
      #"{"FigureId":"\#($0)","FigureType":"face","FigureConfidence":1,"FaceQuality":1,"Boundary":"#
        + #"{"Left":0,"Top":0,"Width":1,"Height":1},"Landmarks":[],"FoundingObstacles":[],"#
        + #""InputURL":"file:///srv/photos/a%20very/long/way/to/the/photograph/\#($0).jpg"}"#
    }
    return #"{"RequestId":"r","Figures":[\#(figures.joined(separator: ","))]}"#
  }()

  private static func question(
    _ number: Int, kind: SuggestionMessage.Kind = .join
  )
    -> SuggestionMessage
  {
    SuggestionMessage(
      kind: kind, reason: kind == .split ? "TwoModes" : "NearlySimilar",
      objectIDs: kind == .join ? [ada, "\(bob.dropLast())\(number)"] : [ada],
      names: kind == .join ? ["Ada", ""] : ["Ada"],
      faceCounts: kind == .join ? [12, number] : [12], figureIDs: kind == .join ? [] : [faces[0]],
      exemplars: faces, averageSimilarity: 0.3, neededSimilarity: 0.31, probability: 0.38,
      facesSettled: number, score: Double(number))
  }

  /// A daemon that asks questions until each has an answer, and notes those.
  private final class Daemon: Sendable {
    private let answers = Mutex<[String]>([])
    private let scripted = Mutex<ScriptedDaemon?>(nil)

    init(_ questions: [SuggestionMessage]) throws {
      let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { [weak self] call in
        guard let self else { return }
        switch call.method {
        case "ListFigureClusterSuggestions":
          let open = answers.withLock { questions.dropFirst($0.count) }
          call.answer(try answer(ListSuggestionsResult(suggestions: Array(open))))
        case "AnswerFigureClusterSuggestion":
          answers.withLock { $0.append(call.parameters["Answer"]?.stringValue ?? "") }
          call.answer(
            try answer(
              CurationResult(
                figureCluster: nil,
                change: IdentityChangeMessage(undoID: event, dryRun: nil, event: nil))))
        case "UndoIdentityEvent":
          answers.withLock { _ = $0.popLast() }
          call.answer(
            try answer(
              CurationResult(
                figureCluster: nil,
                change: IdentityChangeMessage(undoID: event, dryRun: nil, event: nil))))
        default: call.answer(figures)
        }
      }
      scripted.withLock { $0 = daemon }
    }

    deinit { scripted.withLock { $0?.stop() } }

    var path: String { scripted.withLock { $0?.path ?? "" } }
    var given: [String] { answers.withLock { $0 } }
  }

  @Test func listsQuestionsWithinEightyColumns() throws {
    let daemon = try Daemon([
      Self.question(4), Self.question(3, kind: .split), Self.question(1, kind: .place),
    ])
    let run = try Figurectl.run(["suggestions"], socket: daemon.path)
    #expect(run.code == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1].contains("Are “Ada” (12) and 77d2ffff (4) one person?"))
    #expect(lines[1].contains("9c010000 17fe0000"))
    #expect(lines[3].contains("Is this face that waits “Ada” (12)?"))
  }

  @Test func asksOneQuestionAfterTheOther() throws {
    let daemon = try Daemon([Self.question(4), Self.question(3), Self.question(2)])
    let run = try Figurectl.run(["review"], socket: daemon.path, input: "what\ny\nn\ny\n")
    #expect(run.code == 0)
    #expect(daemon.given == ["Same", "Different", "Same"])
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(run.diagnostics.contains("3 answers given"))
  }

  @Test func skipsTakesBackAndQuits() throws {
    let daemon = try Daemon([Self.question(4), Self.question(3), Self.question(2)])
    let run = try Figurectl.run(["review"], socket: daemon.path, input: "y\nu\ns\nn\nq\n")
    #expect(run.code == 0)
    // The first was taken back and then skipped.
    #expect(daemon.given == ["Different"])
    let other = try Daemon([Self.question(4)])
    // The end of the input is the end of the review.
    #expect(try Figurectl.run(["review"], socket: other.path).code == 0)
    #expect(other.given.isEmpty)
  }

  @Test func reviewsAsJSONChangingNothing() throws {
    let daemon = try Daemon([Self.question(4)])
    let run = try Figurectl.run(["--json", "review"], socket: daemon.path, input: "y\n")
    let value = try JSONParser.parse(Array(run.output.utf8.dropLast()))
    #expect(value["Suggestions"]?.arrayValue?.count == 1)
    #expect(daemon.given.isEmpty)
  }

  @Test func explainsWithinEightyColumns() throws {
    let explanation = ExplainFigureResult(
      sentence: String(repeating: "This face is in “Ada” because it is. ", count: 5),
      figureID: Self.faces[0], figureClusterID: Self.ada, waitingReason: nil, faceQuality: 0.5,
      foundingObstacles: ["TooSmall"],
      own: ClusterStandingMessage(
        objectID: Self.ada, name: "Ada", comparedFaces: 11, averageSimilarity: 0.512,
        neededSimilarity: 0.3, probability: 0.998,
        exemplars: [SimilarFigure(figureID: Self.faces[1], similarity: 0.7, probability: 1)],
        samePhotograph: [],
        nearInTime: .init(comparedFaces: 4, averageSimilarity: 0.618, neededSimilarity: 0.4)),
      other: ClusterStandingMessage(
        objectID: Self.bob, name: nil, comparedFaces: 3, averageSimilarity: -0.02,
        neededSimilarity: 0.33, probability: 0, exemplars: [], samePhotograph: []),
      margin: 0.56, chain: [],
      statements: [
        StatementMessage(
          kind: "Pin", figureID: Self.faces[0], otherFigureID: nil, figureClusterID: Self.ada,
          eventID: Self.event)
      ])
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      call.answer(
        call.method == "ExplainFigure" ? try Self.answer(explanation) : Self.figures)
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["explain", "9c01"], socket: daemon.path)
    #expect(run.code == 0, "\(run.diagnostics)")
    let lines = run.output.split(separator: "\n")
    // Paths are never cut where somebody may want to copy them.
    #expect(
      lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("file") }, "\(run.output)")
    #expect(run.output.contains("50 %, founds no person: too small"))
    #expect(run.output.contains("is 3fa9c1d2 (event 5d3e1c2a)"))
    #expect(lines.contains { $0.hasPrefix("is in") && $0.contains("0.51") })
    #expect(lines.contains { $0.contains("of about its time") && $0.contains("0.62") })
  }

  @Test func writesPeopleToAFileOfTheUserAlone() throws {
    let folder = TemporaryFolder.make()
    let face = PortableFaceMessage(
      contentSHA256: String(repeating: "a", count: 64), box: [0, 0, 0.5, 0.5])
    var person = PeopleRecord(.person, person: Self.ada)
    person.name = "Ada"
    let records = [person, PeopleRecord(.face, person: Self.ada, faces: [face])]
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      let isFirst = call.parameters["NextToken"] == nil
      call.answer(
        try Self.answer(
          ExportPeopleResult(
            people: isFirst ? records : [PeopleRecord(.notAFace, faces: [face])],
            nextToken: isFirst ? "t" : nil)))
    }
    defer { daemon.stop() }
    let path = "\(folder)/people.jsonl"
    let run = try Figurectl.run(["people", "export", path], socket: daemon.path)
    #expect(run.output == "Wrote \(path): 1 person, 1 face, 1 statement.\n")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(
      try lines.map { try LineCodec.decode(PeopleRecord.self, from: Array($0.utf8)) }.count == 3)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try Figurectl.run(["people", "export", path], socket: daemon.path).code == 1)
  }

  @Test func sendsAFileOfPeopleAndSaysWhatWasLeftOut() throws {
    let path = "\(TemporaryFolder.make())/people.jsonl"
    try Data("{}\n".utf8).write(to: URL(filePath: path))
    var result = ImportPeopleResult()
    result.peopleReused = 1
    result.peopleCreated = 1
    result.peopleNotFound = ["Cy"]
    (result.faces, result.facesMatched, result.statementsRefused) = (9, 8, 1)
    result.refusals = [
      RefusedStatement(
        kind: "MustLink", figureID: Self.faces[0], otherFigureID: Self.faces[1],
        figureClusterID: nil, reason: "the faces were said to show one person, and two people")
    ]
    result.namesKept = [KeptName(objectID: Self.ada, name: "Ada", nameInFile: "Ada L.")]
    result.change.undoID = Self.event
    let answer = try Self.answer(result)
    let sent = Mutex<[[UInt8]]>([])
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      sent.withLock { $0 += call.files }
      call.answer(answer)
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["people", "import", path], socket: daemon.path)
    #expect(
      run.output == """
        Found 2 people (1 new) and 8 of 9 faces; 0 moved.
        Undo: figurectl undo \(Self.event)

        """)
    #expect(sent.withLock { $0 } == [Array("{}\n".utf8)])
    #expect(run.diagnostics.contains("No face of these is here: Cy."))
    #expect(run.diagnostics.contains("“Ada” keeps the name; the file has “Ada L.”."))
    #expect(run.diagnostics.contains("face 9c010000: the faces were said to show one person"))
  }
}
