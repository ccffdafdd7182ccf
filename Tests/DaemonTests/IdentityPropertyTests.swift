import FaceClient
import Foundation
import Testing
import WireProtocol

/// Random sequences of everything that users and the machine do to who is who.
///
/// `FIGURED_SEQUENCES` says how many sequences are tried, by default few, to keep the tests short,
/// and `FIGURED_SEED` which ones.
@Suite struct IdentityPropertyTests {
  private static let sequences =
    ProcessInfo.processInfo.environment["FIGURED_SEQUENCES"].flatMap(Int.init) ?? 12

  private static let seed =
    ProcessInfo.processInfo.environment["FIGURED_SEED"].flatMap(UInt64.init) ?? 11

  @Test func namesAreNeverLostAndUndoRestoresTheFirstState() throws {
    let daemon = try DaemonProcess()
    var library = try RandomLibrary(daemon, seed: Self.seed)
    for sequence in 0..<Self.sequences {
      let before = try library.state()
      let event = try library.latestEvent()
      for _ in 0..<Int.random(in: 1...12, using: &library.generator) {
        try library.act()
        if Int.random(in: 0..<40, using: &library.generator) == 0 { try library.crash() }
      }
      try library.undoEverything(since: event)
      let after = try library.state()
      try #require(after == before, "sequence \(sequence)")
    }
    #expect(try library.client.call(.checkHealth()).problems.isEmpty)
    try library.crash()
    #expect(try library.client.call(.checkHealth()).problems.isEmpty)
    let figures = try library.state().filter { $0.key.hasPrefix("figure ") }
    #expect(figures.count == library.figureCount)
  }

  @Test func namesOutliveImportsRemovalsAndReclusterings() throws {
    let daemon = try DaemonProcess()
    var library = try RandomLibrary(daemon, seed: Self.seed &+ 1_000_003)
    for _ in 0..<(2 * Self.sequences) {
      let names = try library.names()
      try library.changeMedia()
      #expect(try library.names() == names)
      try library.act()
    }
  }
}

/// A daemon with some photographs, to which random things are done.
private struct RandomLibrary {
  let daemon: DaemonProcess
  var client: FaceClient
  var generator: SeededGenerator
  var figureCount = 0
  private var present: [String] = []
  private var absent: [String]

  init(_ daemon: DaemonProcess, seed: UInt64) throws {
    self.daemon = daemon
    client = try daemon.client()
    generator = SeededGenerator(seed: seed)
    let all = try FileManager.default.contentsOfDirectory(atPath: DemoLibrary.folder.path).sorted()
      .shuffled(using: &generator)
    present = Array(all.prefix(24))
    absent = Array(all.dropFirst(24))
    try client.call(.importMedia(paths: present.map(DemoLibrary.path), wait: true))
    figureCount = try client.call(.status).counts.figures
  }

  private func call(_ method: String, _ parameters: [String: JSONValue]) throws -> JSONValue {
    try client.call(FaceRequest<EmptyResult>(method, parameters).raw)
  }

  func clusters() throws -> [JSONValue] {
    try client.everyFigureCluster()
  }

  func figures(of cluster: JSONValue? = nil) throws -> [JSONValue] {
    try client.all(
      "ListFigures", "Figures", cluster.map { ["FigureClusterId": $0["ObjectId"] ?? .null] } ?? [:])
  }

  func state() throws -> [String: String] { try client.identityState() }

  /// The names that users gave, by the cluster that bears them.
  func names() throws -> [String: String] {
    var names: [String: String] = [:]
    for cluster in try clusters() {
      if let id = cluster["ObjectId"]?.stringValue { names[id] = cluster["Name"]?.stringValue }
    }
    return names
  }

  // MARK: What is done

  /// Does one random thing; a contradiction of earlier statements is refused, and that is right.
  mutating func act() throws {
    let before = try names()
    var mayRename: Set<String> = []
    do {
      mayRename = try actAtRandom()
    } catch let error as ClientError where error.code == .identityConflict {
      #expect(try names() == before)
      return
    }
    let after = try names()
    for (cluster, name) in before where !mayRename.contains(cluster) && after[cluster] != name {
      Issue.record("\(name) was lost")
    }
  }

  /// - Returns: the clusters that the user's own words may have renamed or merged.
  private mutating func actAtRandom() throws -> Set<String> {
    let clusters = try clusters()
    let figures = try figures()
    guard let cluster = clusters.randomElement(using: &generator),
      let id = cluster["ObjectId"]?.stringValue
    else { return [] }
    let some = figures.shuffled(using: &generator)
      .prefix(Int.random(in: 1...3, using: &generator)).map { $0["FigureId"] ?? .null }
    guard !some.isEmpty else { return [] }
    switch Int.random(in: 0..<11, using: &generator) {
    case 0, 1:
      let name = ["Ann", "Bob", "Cy", ""].randomElement(using: &generator) ?? ""
      _ = try call(
        "UpdateFigureCluster",
        [
          "FigureCluster": [
            "ObjectId": .string(id), "Name": .string(name),
            "Favourite": .boolean(.random(using: &generator)), "BirthDate": "1999-02-03",
          ]
        ])
      return [id]
    case 2:
      let others = clusters.shuffled(using: &generator).prefix(2).compactMap {
        $0["ObjectId"]?.stringValue
      }
      guard others.count == 2 else { return [] }
      _ = try call("MergeFigureClusters", ["From": .string(others[0]), "To": .string(others[1])])
      return Set(others)
    case 3:
      let members = try self.figures(of: cluster).compactMap { $0["FigureId"] }
      guard members.count > 1 else { return [] }
      _ = try call(
        "SplitFigureCluster",
        ["ObjectId": .string(id), "Figures": .array(Array(members.dropFirst())), "Name": "Eve"])
    case 4: _ = try call("MoveFigures", ["Figures": .array(some), "To": .string(id)])
    case 5: _ = try call("MoveFigures", ["Figures": .array(some)])
    case 6:
      guard let member = try self.figures(of: cluster).first?["FigureId"] else { return [] }
      _ = try call("RejectFigures", ["Figures": [member], "ObjectId": .string(id)])
    case 7: _ = try call("MarkNotFaces", ["Figures": .array(Array(some.prefix(1)))])
    case 8:
      guard some.count > 1 else { return [] }
      let method = Bool.random(using: &generator) ? "LinkFigures" : "SeparateFigures"
      _ = try call(method, ["Figures": .array(Array(some.prefix(2)))])
    case 9: _ = try call("IgnoreFigureClusters", ["ObjectIds": [.string(id)]])
    default: _ = try call("CreateFigureClusteringTask", ["Wait": true])
    }
    return []
  }

  /// Ends the daemon at once and starts it again: nothing may differ.
  mutating func crash() throws {
    let before = try state()
    daemon.kill(SIGKILL)
    try daemon.start()
    client = try daemon.client()
    #expect(try state() == before)
  }

  /// Takes a photograph away, or brings one.
  mutating func changeMedia() throws {
    if Bool.random(using: &generator), let gone = present.popLast() {
      let medium = try call("GetMediaInfo", ["InputURL": .string(DemoLibrary.path(gone))])
      _ = try call(
        "DeleteMediaFromSearchLib", ["MediaId": medium["MediaInfo"]?["MediaId"] ?? .null])
      absent.insert(gone, at: 0)
    } else if let new = absent.popLast() {
      try client.call(.importMedia(paths: [DemoLibrary.path(new)], wait: true))
      present.append(new)
    }
  }

  // MARK: Undo

  func latestEvent() throws -> String? {
    try call("ListIdentityEvents", ["MaxResults": 1])["Events"]?.arrayValue?.first?["EventId"]?
      .stringValue
  }

  func undoEverything(since event: String?) throws {
    var events: [String] = []
    var token: JSONValue?
    repeat {
      var parameters: [String: JSONValue] = ["MaxResults": 100]
      parameters["NextToken"] = token
      let page = try call("ListIdentityEvents", parameters)
      events += page["Events"]?.arrayValue?.compactMap { $0["EventId"]?.stringValue } ?? []
      token = page["NextToken"]
    } while token != nil && !events.contains { $0 == event }
    for event in events.prefix(while: { $0 != event }) {
      let undone = try call("UndoIdentityEvent", ["EventId": .string(event)])
      // Undone from the latest on, nothing can have been changed again since.
      if undone["KeptCount"] != 0 {
        let what = try call("GetIdentityEvent", ["EventId": .string(event)])
        Issue.record("something was kept: \(what), \(undone)")
      }
    }
  }
}
