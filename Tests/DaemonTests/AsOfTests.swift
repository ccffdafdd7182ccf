import FaceClient
import Foundation
import Testing
import WireProtocol

/// People as they were.
@Suite struct AsOfTests {
  /// Everybody with what lists show, but for what only ever goes up.
  private func people(_ client: FaceClient, asOf moment: String? = nil) throws -> [JSONValue] {
    var parameters: [String: JSONValue] = ["IncludeIgnored": true, "MaxResults": 3]
    parameters["AsOf"] = moment.map { .string($0) }
    return try client.all("QueryFigureClusters", "FigureClusters", parameters).map { person in
      var members = person.objectValue ?? [:]
      for name in ["UpdateTime", "MetaLockVersion", "MergedFrom"] { members[name] = nil }
      return .object(members)
    }
  }

  /// A moment after everything that has happened and before everything that will.
  private func now() -> String {
    Thread.sleep(forTimeInterval: 0.005)
    defer { Thread.sleep(forTimeInterval: 0.005) }
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    return Date.now.formatted(style)
  }

  @Test func everyPastIsAsItWas() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    let start = now()
    let names = (1...5).map { "p01_0\($0).jpg" } + (2...5).map { "p05_0\($0).jpg" }
    var pasts: [(moment: String, people: [JSONValue])] = []
    func remember() throws { pasts.append((now(), try people(client))) }

    try client.call(.importMedia(paths: names.dropLast(2).map(DemoLibrary.path), wait: true))
    try remember()
    let clusters = try client.call(.figureClusters()).figureClusters
    let (ann, bob) = (clusters[0].objectID, clusters[1].objectID)
    try client.call(.nameCluster(ann, name: "Ann"))
    try remember()
    try client.call(.importMedia(paths: names.map(DemoLibrary.path), wait: true))
    try remember()
    try client.call(.mergeClusters([bob], into: ann))
    try remember()
    let merged = try client.call(.figures(of: .cluster(ann))).figures.compactMap(\.figureID)
    let split = try client.call(.splitCluster(ann, figures: Array(merged.suffix(2)), name: "Cy"))
    try remember()
    try client.call(.undo(#require(split.change.undoID)))
    try client.call(.nameCluster(ann, name: ""))
    try remember()
    try client.call(.recluster(wait: true))

    for past in pasts { #expect(try people(client, asOf: past.moment) == past.people) }
    #expect(try people(client, asOf: start).isEmpty)
    daemon.kill(SIGKILL)
    try daemon.start()
    let other = try daemon.client()
    for past in pasts { #expect(try people(other, asOf: past.moment) == past.people) }

    // One person, who has become part of another one since.
    let old = try other.call(.figureCluster(bob, asOf: pasts[2].moment)).figureCluster
    #expect(old.objectID == bob && old.mergedInto == nil && old.faceCount > 0)
    #expect { try other.call(.figureCluster(bob, asOf: start)) } throws: {
      ($0 as? ClientError)?.code == .resourceNotFound
    }

    // What is erased cannot be told.
    try other.call(.eraseIdentityEvents(before: pasts[3].moment))
    #expect(try people(other, asOf: pasts[4].moment) == pasts[4].people)
    #expect { try people(other, asOf: pasts[1].moment) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
    try other.call(.eraseIdentityEvents())
    #expect { try people(other, asOf: pasts[4].moment) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
    #expect(try people(other, asOf: now()) == people(other))
  }
}
