import FaceClient
import Foundation
import Testing
import WireProtocol

/// Mirrors, collages and pictures in pictures: one person twice in one photograph.
@Suite struct MirrorTests {
  /// A daemon with a photograph of two people, and single ones of each.
  private struct Library {
    let daemon: DaemonProcess
    var client: FaceClient
    /// The two figures of the photograph.
    let pair: [String]

    init() throws {
      daemon = try DaemonProcess()
      client = try daemon.client()
      let labels = try DemoLibrary.labels()
      let group = try #require(labels.keys.sorted().first { labels[$0]?.count == 2 })
      let people = labels[group] ?? []
      let singles = labels.keys.sorted().filter { labels[$0]?.count == 1 }
        .filter { people.contains(labels[$0]?[0] ?? "") }
      try client.call(.importMedia(paths: ([group] + singles).map(DemoLibrary.path), wait: true))
      let figures = try client.call(.medium(inputURL: DemoLibrary.path(group))).mediaInfo.figures
      pair = (figures ?? []).compactMap(\.figureID)
      try #require(pair.count == 2)
      let places = try clusters()
      try #require(places.count == 2 && places[0] != places[1])
    }

    func clusters() throws -> [String] {
      try client.call(.figures(of: .figures(pair))).figures.compactMap(\.figureClusterID)
    }

    mutating func restart() throws {
      daemon.kill(SIGKILL)
      try daemon.start()
      client = try daemon.client()
    }

    /// Whether both are one person, whatever happens.
    mutating func areOneForGood() throws -> Bool {
      func areOne() throws -> Bool {
        let places = try clusters()
        return places.count == 2 && places[0] == places[1]
      }
      guard try areOne() else { return false }
      try client.call(.recluster(wait: true))
      guard try areOne() else { return false }
      try restart()
      guard try areOne() else { return false }
      let all = try DemoLibrary.labels().keys.sorted().map(DemoLibrary.path)
      try client.call(.importMedia(paths: all, wait: true))
      try client.call(.recluster(wait: true))
      let plan = try client.call(.planReclustering(wait: true))
      try client.call(.applyPlan(plan.planID))
      #expect(try client.call(.checkHealth()).problems.isEmpty)
      return try areOne()
    }
  }

  @Test func linkedFacesOfOnePhotographStayOnePerson() throws {
    var library = try Library()
    let before = try library.clusters()
    let linked = try library.client.call(.linkFigures(library.pair))
    #expect(linked.change.event?.statementsMade == 1)
    let explained = try library.client.call(.explainFigure(library.pair[0]))
    #expect(explained.own?.samePhotograph == [library.pair[1]])
    #expect(explained.statements.contains { $0.kind == "MustLink" })
    #expect(explained.sentence.contains("same photograph"))
    // Nobody asks about what a user has said.
    #expect(
      try library.client.call(.suggestions(kind: .split, count: 100)).suggestions
        .allSatisfy { $0.reason != "OnePhotograph" })
    try library.client.call(.undo(#require(linked.change.undoID)))
    #expect(try library.clusters() == before)
    try library.client.call(.linkFigures(library.pair))
    #expect(try library.areOneForGood())
  }

  @Test func movedFacesOfOnePhotographStayOnePerson() throws {
    var library = try Library()
    let target = try library.clusters()[0]
    try library.client.call(.moveFigures(library.pair, to: target))
    #expect(try library.clusters() == [target, target])
    #expect(try library.areOneForGood())
    #expect(try library.clusters() == [target, target])
  }

  @Test func theOverrideContradictsWhatWasSaidTheOtherWay() throws {
    let library = try Library()
    let client = library.client
    let separated = try client.call(.separateFigures(library.pair[0], library.pair[1]))
    #expect { try client.call(.linkFigures(library.pair)) } throws: {
      ($0 as? ClientError)?.code == .identityConflict
    }
    #expect {
      try client.call(.moveFigures(library.pair, to: library.clusters()[0]))
    } throws: {
      ($0 as? ClientError)?.code == .identityConflict
    }
    try client.call(.undo(#require(separated.change.undoID)))
    try client.call(.linkFigures(library.pair))
    #expect { try client.call(.separateFigures(library.pair[0], library.pair[1])) } throws: {
      ($0 as? ClientError)?.code == .identityConflict
    }
  }
}
