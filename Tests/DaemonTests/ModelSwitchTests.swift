import FaceClient
import Foundation
import Testing
import WireProtocol

/// The change from one model to another: the people stay, and there is a way back.
@Suite(.serialized) struct ModelSwitchTests {
  /// A library that users have worked on, with a second model installed since.
  private struct Upgrade {
    let daemon: DaemonProcess
    let photographs: URL
    /// Clusters with their names.
    var names: [String: String] = [:]
    /// Figures that a user put into a cluster, or said are not in one.
    var pinned: (figure: String, cluster: String) = ("", "")
    var rejected: (figure: String, cluster: String) = ("", "")
    var notAFace = ""

    /// Imports so many of the demo library's photographs; the model that embedded them stays
    /// installed if `keepingFirst`.
    init(count: Int = .max, keepingFirst: Bool = true, configuration: String = "") throws {
      daemon = try DaemonProcess(configuration: configuration)
      photographs = daemon.folder.appending(path: "photos")
      try FileManager.default.createDirectory(
        at: photographs, withIntermediateDirectories: false)
      let all = try FileManager.default.contentsOfDirectory(atPath: DemoLibrary.folder.path)
      for name in all.sorted().prefix(count) {
        try FileManager.default.copyItem(
          atPath: DemoLibrary.path(name), toPath: photographs.appending(path: name).path)
      }
      let client = try daemon.client()
      try client.call(.importMedia(paths: [photographs.path], wait: true))
      try correct(client)
      daemon.kill(SIGTERM)
      try SecondModel.install(
        at: daemon.folder.appending(path: "models"), keepingFirst: keepingFirst)
      daemon.models = daemon.folder.appending(path: "models")
      try daemon.start()
    }

    /// Names the largest people and corrects some of their faces.
    private mutating func correct(_ client: FaceClient) throws {
      let clusters = try client.call(.figureClusters(order: .faceCount)).figureClusters
      for (cluster, name) in zip(clusters, ["Ada", "Bob", "Cy"]) {
        try client.call(.nameCluster(cluster.objectID, name: name))
        names[cluster.objectID] = name
      }
      func faces(_ cluster: Int) throws -> [String] {
        try client.call(.figures(of: .cluster(clusters[cluster].objectID))).figures
          .compactMap(\.figureID)
      }
      pinned = (try faces(1)[0], clusters[0].objectID)
      try client.call(.moveFigures([pinned.figure], to: pinned.cluster))
      rejected = (try faces(2)[0], clusters[2].objectID)
      try client.call(.rejectFigures([rejected.figure], from: rejected.cluster))
      notAFace = try faces(2)[1]
      try client.call(.markNotFaces([notAFace]))
    }

    func client() throws -> FaceClient { try daemon.client() }

    func path(_ name: String) -> String { photographs.appending(path: name).path }

    /// What users said holds.
    func checkCorrections() throws {
      let client = try client()
      let clusters = try client.call(.figureClusters(order: .faceCount)).figureClusters
      for (id, name) in names {
        #expect(clusters.first { $0.objectID == id }?.name == name)
      }
      let figures = try client.call(.figures(of: .library("default"), pageSize: 500)).figures
      let places = Dictionary(
        uniqueKeysWithValues: figures.map { ($0.figureID ?? "", $0.figureClusterID) })
      #expect(places[pinned.figure] == pinned.cluster)
      #expect(places[rejected.figure] != rejected.cluster)
      #expect(places[notAFace] == .some(nil))
    }
  }

  private func fingerprint(_ client: FaceClient) throws -> String {
    try client.call(.status).model.fingerprint
  }

  /// What the daemon has to say of its models.
  private func warnings(_ client: FaceClient) throws -> Int {
    try client.call(.status).warnings.count { $0.contains("PrepareModelSwitch") }
  }

  /// What the model in use makes of a face.
  private func embedding(_ client: FaceClient) throws -> [Float] {
    let image = ImageSource.path(DemoLibrary.path("p01_01.jpg"))
    let found = try client.call(.detectFaces(in: image, withEmbeddings: true))
    return try #require(found.faces.first?.embedding)
  }

  private func state(_ client: FaceClient) throws -> [String: String] {
    try client.identityState()
  }

  private func change(_ client: FaceClient) throws -> ModelSwitchMessage {
    try #require(try client.call(.modelSwitch).change)
  }

  private func succeed(
    _ request: FaceRequest<TaskResult>, _ client: FaceClient
  ) throws -> TaskMessage {
    let task = try client.call(request).task
    #expect(task.status == .succeeded, "\(task.message ?? "")")
    return task
  }

  @Test func aNewModelKeepsThePeopleAndCanBeTakenBack() throws {
    let upgrade = try Upgrade()
    var client = try upgrade.client()
    // One that the daemon has no path to.
    try client.call(
      .insertMedia(
        .file(try OpenFile(path: DemoLibrary.path("p01_01.jpg"))), name: "https://example.org/1.jpg"
      ))
    let models = try client.call(.modelSwitch).models
    let (new, old) = (models[0].fingerprint, models[1].fingerprint)
    #expect(models.map(\.isInUse) == [false, true])
    // The daemon goes on with the model that the library was embedded by.
    #expect(try fingerprint(client) == old)
    #expect(try warnings(client) == 1)
    try upgrade.checkCorrections()

    let oldEmbedding = try embedding(client)

    // A file that is gone, and one that is another now.
    let all = try FileManager.default.contentsOfDirectory(atPath: upgrade.photographs.path).sorted()
    try FileManager.default.removeItem(atPath: upgrade.path(all[0]))
    try Data("something else".utf8).write(to: upgrade.photographs.appending(path: all[1]))
    let before = try state(client)
    let task = try succeed(.prepareModelSwitch(wait: true), client)
    #expect(try state(client) == before)
    #expect(try fingerprint(client) == old)
    var prepared = try change(client)
    #expect(prepared.status == .ready)
    #expect((prepared.from, prepared.to) == (old, new))
    #expect(prepared.embedded == task.outcome?["Embedded"])
    #expect(
      prepared.embedded + prepared.notEmbedded.values.reduce(0, +) == prepared.figures)
    #expect(prepared.embeddedFromCrops >= 3)
    #expect(prepared.plans.map(\.namesAtRisk) == [0])
    // Its plan is part of the change, and of nothing else.
    let planID = prepared.plans[0].planID
    #expect(try client.call(.plan(planID)).plan.status == .ready)
    #expect(try client.call(.plans()).plans.isEmpty)
    #expect { try client.call(.applyPlan(planID)) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }

    // What comes meanwhile is embedded by the old model, and comes along.
    let late = upgrade.photographs.appending(path: "late.jpg")
    try FileManager.default.copyItem(atPath: DemoLibrary.path("p02_01.jpg"), toPath: late.path)
    try client.call(.importMedia(paths: [late.path], wait: true))
    let withLate = try state(client)
    try #require(withLate.count > before.count)

    _ = try succeed(.applyModelSwitch(wait: true), client)
    #expect(try fingerprint(client) == new)
    #expect(try upgrade.client().hello.modelFingerprint == new)
    let newEmbedding = try embedding(client)
    let similarity = zip(oldEmbedding, newEmbedding).reduce(0) { $0 + $1.0 * $1.1 }
    // The models do differ, and are as good as each other.
    #expect(similarity > 0.8 && similarity < 0.99, "\(similarity)")
    try upgrade.checkCorrections()
    prepared = try change(client)
    #expect(prepared.status == .applied)
    try checkHealth(client, unknown: prepared.notEmbedded.values.reduce(0, +))
    // Every person is found by the new model.
    let hits = try client.call(.searchMediaByFace(.path(DemoLibrary.path("p03_01.jpg"))))
    #expect(hits.total >= 3)

    // Killed and started again, nothing has changed.
    let after = try state(client)
    upgrade.daemon.kill(SIGKILL)
    try upgrade.daemon.start()
    client = try upgrade.client()
    #expect(try fingerprint(client) == new)
    #expect(try state(client) == after)

    // Back, to the last bit; and forth again.
    _ = try succeed(.undoModelSwitch(wait: true), client)
    #expect(try fingerprint(client) == old)
    #expect(try state(client) == withLate)
    try checkHealth(client, unknown: 0)
    #expect { try client.call(.undoModelSwitch()) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
    _ = try succeed(.applyModelSwitch(wait: true), client)
    try upgrade.checkCorrections()

    // Without the old embeddings there is no way back.
    let erased = try client.call(.discardModelSwitch).embeddingsErased
    #expect(erased > 80)
    #expect(try client.call(.modelSwitch).change == nil)
    #expect { try client.call(.undoModelSwitch()) } throws: {
      ($0 as? ClientError)?.code == .resourceNotFound
    }
    try upgrade.checkCorrections()
  }

  /// Looks for problems; `unknown` is how many figures the model in use could not embed.
  private func checkHealth(_ client: FaceClient, unknown: Int) throws {
    let problems = try client.call(.checkHealth()).problems
    #expect(problems.reduce(0) { $0 + $1.count } == unknown, "\(problems)")
  }

  @Test func whatUsersDoAfterTheSwitchOutlivesItsUndo() throws {
    let upgrade = try Upgrade(count: 30)
    let client = try upgrade.client()
    _ = try succeed(.prepareModelSwitch(wait: true), client)
    _ = try succeed(.applyModelSwitch(wait: true), client)
    let clusters = try client.call(.figureClusters(order: .faceCount)).figureClusters
    let unnamed = try #require(clusters.first { $0.name == nil })
    try client.call(.nameCluster(unnamed.objectID, name: "Dee"))
    // A face that only the new model has seen.
    let late = upgrade.photographs.appending(path: "zz.jpg")
    try FileManager.default.copyItem(atPath: DemoLibrary.path("p05_02.jpg"), toPath: late.path)
    try client.call(.importMedia(paths: [late.path], wait: true))
    _ = try succeed(.undoModelSwitch(wait: true), client)
    try upgrade.checkCorrections()
    let again = try client.call(.figureClusters(order: .faceCount)).figureClusters
    #expect(again.first { $0.objectID == unnamed.objectID }?.name == "Dee")
    // The old model knows it now, too.
    try checkHealth(client, unknown: 0)
    let erased = try client.call(.discardModelSwitch).embeddingsErased
    #expect(erased > 30)
    try checkHealth(client, unknown: 0)
  }

  @Test func withoutTheOldModelTheNewOneStillFindsThePeople() throws {
    let upgrade = try Upgrade(count: 30, keepingFirst: false)
    let client = try upgrade.client()
    let models = try client.call(.modelSwitch).models
    #expect(models.map(\.isInUse) == [true])
    let before = try state(client)
    #expect(try warnings(client) == 1)
    _ = try succeed(.prepareModelSwitch(wait: true), client)
    #expect(try state(client) == before)
    try checkHealth(client, unknown: 0)
    _ = try succeed(.applyModelSwitch(wait: true), client)
    try upgrade.checkCorrections()
    try checkHealth(client, unknown: 0)
    #expect(try warnings(client) == 0)
    // There is no way back to what is not installed.
    #expect(try client.call(.undoModelSwitch(wait: true)).task.status == .failed)
    try client.call(.discardModelSwitch)
    #expect { try client.call(.prepareModelSwitch()) } throws: {
      ($0 as? ClientError)?.code == .invalidParameter
    }
  }

  @Test func aFaceThatCannotBeEmbeddedKeepsItsPlaceUntilItsFileComesBack() throws {
    let upgrade = try Upgrade(count: 30, configuration: "[storage]\nkeep-crops = false\n")
    let client = try upgrade.client()
    let (pinned, cluster) = upgrade.pinned
    let figure = try client.call(.figures(of: .figures([pinned]))).figures[0]
    let url = try #require(figure.inputURL)
    let path = try #require(URL(string: url)).path(percentEncoded: false)
    let hidden = upgrade.daemon.folder.appending(path: "hidden").path
    try FileManager.default.moveItem(atPath: path, toPath: hidden)
    _ = try succeed(.prepareModelSwitch(wait: true), client)
    let lost = try change(client).notEmbedded
    #expect(lost["Unreadable", default: 0] >= 1 && lost.count == 1)
    _ = try succeed(.applyModelSwitch(wait: true), client)
    try upgrade.checkCorrections()
    #expect(try warnings(client) == 1)
    // Nobody is searched for by what the old model saw.
    let request = FaceRequest<SearchMediaByFaceResult>(
      "SearchMediaByFace", ["FigureIds": [.string(pinned)]])
    #expect(try client.call(request).total == 0)
    // It outlives what becomes of the others.
    _ = try succeed(.recluster(wait: true), client)
    let others = try client.call(.figures(of: .cluster(cluster), pageSize: 100)).figures
      .compactMap(\.figureID).filter { $0 != pinned }
    try client.call(.markNotFaces(others))
    try upgrade.checkCorrections()
    try FileManager.default.moveItem(atPath: hidden, toPath: path)
    try client.call(.importMedia(paths: [path], wait: true))
    #expect(try warnings(client) == 0)
    try upgrade.checkCorrections()
    try checkHealth(client, unknown: 0)
  }

  @Test func aVideoIsFollowedAgain() throws {
    let upgrade = try Upgrade(count: 20)
    let client = try upgrade.client()
    try client.call(.importMedia(paths: [TestVideos.example], wait: true))
    _ = try succeed(.prepareModelSwitch(wait: true), client)
    let prepared = try change(client)
    #expect(prepared.notEmbedded.isEmpty)
    #expect(prepared.embeddedFromCrops == 0)
    _ = try succeed(.applyModelSwitch(wait: true), client)
    try checkHealth(client, unknown: 0)
  }

  @Test func aLongVideoGoesOnWhereItStoppedAndLetsOthersFirst() throws {
    let upgrade = try Upgrade(count: 20)
    let long = upgrade.daemon.folder.appending(path: "long.mp4").path
    try TestVideos.make(long, "-stream_loop 9 -i \(TestVideos.example) -c copy")
    try upgrade.client().call(.importMedia(paths: [long], wait: true))
    let task = try upgrade.client().call(.prepareModelSwitch()).task.taskID
    func seconds() throws -> Double {
      try upgrade.client().call(.task(task)).task.progress.videoSeconds ?? 0
    }
    try upgrade.daemon.wait { try seconds() > 15 }
    // Another task comes before the rest of it.
    _ = try succeed(.recluster(wait: true), upgrade.client())
    #expect(try upgrade.client().call(.task(task)).task.status == .running)
    try upgrade.daemon.wait { try seconds() > 20 }
    #expect(upgrade.daemon.kill(SIGTERM) == 0)
    try upgrade.daemon.start()
    var first: Double?
    try upgrade.daemon.wait {
      let now = try upgrade.client().call(.task(task)).task
      if first == nil, let seconds = now.progress.videoSeconds { first = seconds }
      return now.status.isFinal
    }
    #expect(first ?? 0 > 12)
    let prepared = try change(upgrade.client())
    #expect(prepared.status == .ready && prepared.notEmbedded.isEmpty)
    #expect(prepared.embeddedFromCrops == 0)
    let database = try StateDatabase(in: upgrade.daemon.stateDirectory)
    #expect(try database.texts("SELECT task FROM analysis_checkpoints").isEmpty)
  }

  @Test func preparationLetsOthersFirstAndCanBeCancelledAndDiscarded() throws {
    let upgrade = try Upgrade()
    let client = try upgrade.client()
    let before = try state(client)
    let running = try client.call(.prepareModelSwitch()).task
    try client.call(.createLibrary("other"))
    // It waits for no more than a part of the preparation.
    _ = try succeed(.recluster(library: "other", wait: true), client)
    try client.call(.cancelTask(running.taskID))
    let ended = try client.call(.waitForTask(running.taskID)).task
    if ended.status == .cancelled {
      #expect(try change(client).status == .preparing)
      #expect { try client.call(.applyModelSwitch()) } throws: {
        ($0 as? ClientError)?.code == .invalidParameter
      }
    }
    try client.call(.discardModelSwitch)
    #expect(try client.call(.modelSwitch).change == nil)
    #expect(try state(client) == before)
    try checkHealth(client, unknown: 0)
    _ = try succeed(.prepareModelSwitch(wait: true), client)
    #expect(try change(client).embedded == (try change(client)).figures)
  }

  /// Kills the daemon at random moments of preparing, switching and going back: 8 times, or as often
  /// as FIGURED_KILLS says.
  @Test func aKillLeavesTheOldStateOrTheNewOne() throws {
    let kills = ProcessInfo.processInfo.environment["FIGURED_KILLS"].flatMap(Int.init) ?? 8
    let upgrade = try Upgrade(count: 40)
    var generator = SeededGenerator(seed: UInt64(kills))
    let old = try fingerprint(upgrade.client())
    let before = try state(upgrade.client())
    // Killed again and again, a preparation comes to its end.
    _ = try upgrade.client().call(.prepareModelSwitch())
    for _ in 0..<kills {
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.4, using: &generator))
      upgrade.daemon.kill(SIGKILL)
      try upgrade.daemon.start()
      let client = try upgrade.client()
      #expect(try fingerprint(client) == old)
      #expect(try state(client) == before)
      if try change(client).status == .ready {
        try client.call(.discardModelSwitch)
        _ = try client.call(.prepareModelSwitch())
      }
    }
    try finishTasks(upgrade)
    #expect(try change(upgrade.client()).status == .ready)
    #expect(try change(upgrade.client()).embedded == (try change(upgrade.client())).figures)
    _ = try succeed(.applyModelSwitch(wait: true), upgrade.client())
    let (new, after) = (try fingerprint(upgrade.client()), try state(upgrade.client()))
    _ = try succeed(.undoModelSwitch(wait: true), upgrade.client())
    for _ in 0..<kills {
      let client = try upgrade.client()
      let isApplied = try change(client).status == .applied
      _ = try client.call(isApplied ? .undoModelSwitch() : .applyModelSwitch())
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.06, using: &generator))
      upgrade.daemon.kill(SIGKILL)
      try upgrade.daemon.start()
      let now = try fingerprint(upgrade.client())
      #expect(now == old || now == new)
      #expect(partition(try state(upgrade.client())) == partition(now == old ? before : after))
      try finishTasks(upgrade)
      // The task went on to its end.
      #expect(try fingerprint(upgrade.client()) == (isApplied ? old : new))
      #expect(try change(upgrade.client()).status == (isApplied ? .ready : .applied))
      try upgrade.checkCorrections()
      try checkHealth(upgrade.client(), unknown: 0)
    }
  }

  private func finishTasks(_ upgrade: Upgrade) throws {
    let client = try upgrade.client()
    for task in try client.call(.tasks()).tasks {
      #expect(try client.call(.waitForTask(task.taskID)).task.status == .succeeded)
    }
  }

  /// Who is with whom: a cluster that is founded anew has another identifier each time.
  private func partition(_ state: [String: String]) -> Set<Set<String>> {
    Set(
      Dictionary(grouping: state.keys.filter { $0.hasPrefix("figure ") }) { key in
        // Up to the confidence.
        state[key]?.split(separator: ",").first.map(String.init) ?? key
      }.values.map { Set($0) })
  }
}
