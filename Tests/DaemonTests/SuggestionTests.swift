import FaceClient
import Foundation
import Testing
import WireProtocol

/// What the daemon asks and explains about who is who.
@Suite struct SuggestionTests {
  /// A daemon in whose library the faces of one person were torn into two clusters.
  private struct Torn {
    let daemon: DaemonProcess
    let client: FaceClient
    let one: String
    let other: String

    init() throws {
      daemon = try DaemonProcess()
      client = try daemon.client()
      let names = (1...6).map { "p01_0\($0).jpg" } + (2...5).map { "p05_0\($0).jpg" }
      try client.call(.importMedia(paths: names.map(DemoLibrary.path), wait: true))
      let medium = try client.call(.medium(inputURL: DemoLibrary.path("p01_01.jpg"))).mediaInfo
      one = try #require(medium.figures?.first?.figureClusterID)
      let figures = try client.call(.figures(of: .cluster(one))).figures.compactMap(\.figureID)
      let split = try client.call(
        .splitCluster(one, figures: Array(figures.suffix(figures.count / 2))))
      other = try #require(split.figureCluster?.objectID)
    }

    /// The question whether the two are one.
    func question() throws -> SuggestionMessage? {
      try client.call(.suggestions(kind: .join, count: 100)).suggestions
        .first { Set($0.objectIDs) == [one, other] }
    }

    func figures(_ cluster: String) throws -> [String] {
      try client.call(.figures(of: .cluster(cluster))).figures.compactMap(\.figureID)
    }
  }

  @Test func noIsRememberedAndNotAskedAgain() throws {
    let torn = try Torn()
    let client = torn.client
    // A question about whatever the library offers: what is asked must be answerable.
    let asked = try client.call(.suggestions(count: 100)).suggestions
    #expect(asked.map(\.score) == asked.map(\.score).sorted(by: >))
    for suggestion in asked {
      #expect(suggestion.exemplars.count == 2)
      #expect((0...1).contains(suggestion.probability))
      #expect(suggestion.names.count == suggestion.objectIDs.count)
      let tried = try client.call(.answer(suggestion, .different, isRehearsal: true))
      #expect(tried.change.dryRun == true)
    }
    for suggestion in asked {
      let unsure = try client.call(.answer(suggestion, .unsure))
      #expect(unsure.change.event == nil)
    }
    #expect(try client.call(.suggestions(count: 100)).suggestions == asked)
    for suggestion in asked.prefix(3) {
      // An earlier answer may have settled it.
      guard try client.call(.suggestions(count: 100)).suggestions.contains(suggestion) else {
        continue
      }
      try client.call(.answer(suggestion, .different))
      let left = try client.call(.suggestions(count: 100)).suggestions
      #expect(
        !left.contains {
          $0.objectIDs == suggestion.objectIDs && $0.kind == suggestion.kind
            && $0.figureIDs == suggestion.figureIDs
        })
    }
  }

  @Test func yesMergesAndCanBeUndone() throws {
    let torn = try Torn()
    let before = try torn.client.identityState()
    let question = SuggestionMessage(
      kind: .join, reason: "NearlySimilar", objectIDs: [torn.one, torn.other], names: ["", ""],
      faceCounts: [3, 3], figureIDs: [], exemplars: [], averageSimilarity: 0, neededSimilarity: 0,
      probability: 0.5, facesSettled: 3, score: 1)
    // The split pinned each face; to say that both are one contradicts nothing.
    let answered = try torn.client.call(.answer(question, .same))
    #expect(answered.change.event?.kind == "Merge")
    #expect(try torn.figures(torn.one).count + torn.figures(torn.other).count >= 6)
    #expect(try torn.question() == nil)
    try torn.client.call(.undo(#require(answered.change.undoID)))
    #expect(try torn.client.identityState() == before)
  }

  @Test func answersThatMakeNoSenseAreRefused() throws {
    let torn = try Torn()
    var question = SuggestionMessage(
      kind: .join, reason: "NearlySimilar", objectIDs: [torn.one], names: [""], faceCounts: [3],
      figureIDs: [], exemplars: [], averageSimilarity: 0, neededSimilarity: 0, probability: 0.5,
      facesSettled: 3, score: 1)
    #expect { try torn.client.call(.answer(question, .same)) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
    question.kind = .split
    question.objectIDs = [torn.one]
    question.figureIDs = Array(try torn.figures(torn.other).prefix(1))
    #expect { try torn.client.call(.answer(question, .different)) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
  }

  // MARK: Explaining

  @Test func saysWhyAFaceIsWhereItIs() throws {
    let torn = try Torn()
    let medium = try torn.client.call(.medium(inputURL: DemoLibrary.path("p05_02.jpg"))).mediaInfo
    let figure = try #require(medium.figures?.first?.figureID)
    let result = try torn.client.call(.explainFigure(figure))
    #expect(result.figureClusterID == medium.figures?.first?.figureClusterID)
    #expect(result.sentence.hasPrefix("This face is in "))
    let own = try #require(result.own)
    #expect(own.averageSimilarity > own.neededSimilarity)
    #expect(own.comparedFaces == own.exemplars.count || own.exemplars.count == 3)
    #expect(
      own.exemplars.map(\.similarity) == own.exemplars.map(\.similarity).sorted(by: >))
    #expect(result.other != nil)
    #expect(try #require(result.margin) > 0)
    #expect(!result.chain.isEmpty)
    #expect(result.statements.isEmpty)
  }

  @Test func saysWhyAFaceIsNotWithSomebody() throws {
    let torn = try Torn()
    let client = torn.client
    let ann = try torn.figures(torn.one)[0]
    let medium = try client.call(.medium(inputURL: DemoLibrary.path("p05_02.jpg"))).mediaInfo
    let bob = try #require(medium.figures?.first?.figureClusterID)
    // Two strangers.
    let strangers = try client.call(.explainFigure(ann, in: bob))
    #expect(strangers.other?.objectID == bob)
    #expect(strangers.sentence.contains("is not in"))
    // A user's word.
    try client.call(.rejectFigures([ann], from: torn.one))
    let rejected = try client.call(.explainFigure(ann, in: torn.one))
    #expect(
      rejected.sentence == "A user said that this face is not in the unnamed person "
        + "\(torn.one.dropFirst(8).prefix(8)).")
    let statement = try #require(rejected.statements.first { $0.kind == "Exclude" })
    #expect(statement.figureClusterID == torn.one)
    // The event that it names can be undone, and the word is gone.
    try client.call(.undo(#require(statement.eventID)))
    #expect(
      try client.call(.explainFigure(ann, in: torn.one)).statements.allSatisfy {
        $0.kind != "Exclude"
      })
    try client.call(.markNotFaces([ann]))
    #expect(try client.call(.explainFigure(ann)).sentence == "A user said that this is no face.")
    #expect { try client.call(.explainFigure(UUID().uuidString)) } throws: {
      ($0 as? ClientError)?.code == .resourceNotFound
    }
  }

  @Test func listsFiguresByTheirIdentifiers() throws {
    let torn = try Torn()
    let wanted = try torn.figures(torn.one) + torn.figures(torn.other)
    let found = try torn.client.call(
      .figures(of: .figures(wanted.reversed() + [UUID().uuidString.lowercased()]))
    ).figures.compactMap(\.figureID)
    #expect(found == wanted.reversed())
  }
}
