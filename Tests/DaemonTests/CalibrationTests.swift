import FaceClient
import Foundation
import Testing
import WireProtocol

/// Measuring errors on what users confirmed.
@Suite struct CalibrationTests {
  @Test func measuresAndFitsOnConfirmedPeople() throws {
    let daemon = try DaemonProcess()
    var client = try daemon.client()
    try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    let none = try client.call(.calibrate())
    #expect(none.samePairs == 0 && none.curve.isEmpty && !none.isFitted)
    #expect(none.pairsNeeded == 100)
    #expect { try client.call(.calibrate(.fit)) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }

    for cluster in try client.call(.figureClusters()).figureClusters {
      var changes = FigureClusterChanges()
      changes.isConfirmed = true
      try client.call(.updateCluster(cluster.objectID, changes))
    }
    let shown = try client.call(.calibrate())
    #expect(shown.samePairs >= 100 && shown.differentPairs >= 100)
    #expect(!shown.isFitted)
    #expect(
      shown.curve.map(\.falseMatchRate) == shown.curve.map(\.falseMatchRate).sorted(by: >))
    #expect(shown.curve.map(\.falseNonMatchRate) == shown.curve.map(\.falseNonMatchRate).sorted())
    #expect(shown.curve.map(\.probability) == shown.curve.map(\.probability).sorted())
    #expect(try #require(shown.equalErrorRate) < 0.1)
    for rates in shown.recommended { #expect(rates.falseMatchRate <= 0.1) }

    let figure = try #require(
      client.call(.figures(of: .library("default"))).figures.first?.figureID)
    func probabilities() throws -> [Double] {
      try client.call(.explainFigure(figure)).other?.exemplars.map(\.probability) ?? []
    }
    let before = try probabilities()
    let fitted = try client.call(.calibrate(.fit))
    #expect(fitted.isFitted)
    #expect(try probabilities() != before)
    let after = try probabilities()
    let grouping = try client.identityState()
    daemon.kill(SIGKILL)
    try daemon.start()
    client = try daemon.client()
    #expect(try client.call(.calibrate()).isFitted)
    #expect(try probabilities() == after)
    #expect(try client.identityState() == grouping)
    #expect(try !client.call(.calibrate(.reset)).isFitted)
    #expect(try probabilities() == before)
  }

  @Test func separatedFacesCount() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let names = (1...3).map { "p01_0\($0).jpg" } + (2...4).map { "p05_0\($0).jpg" }
    try client.call(.importMedia(paths: names.map(DemoLibrary.path), wait: true))
    let figures = try client.call(.figures(of: .library("default"))).figures
      .sorted { ($0.inputURL ?? "") < ($1.inputURL ?? "") }.compactMap(\.figureID)
    try client.call(.separateFigures(figures[0], figures[3]))
    #expect(try client.call(.calibrate()).differentPairs == 1)
    try client.call(.linkFigures(Array(figures.prefix(3))))
    #expect(try client.call(.calibrate()).samePairs == 3)
  }
}
