import Foundation
import Synchronization
import Testing
import WireProtocol

/// figurectl against a daemon that answers what a test tells it to.
@Suite(.timeLimit(.minutes(2))) struct ScriptedCommandTests {
  private static let clusters = """
    {"RequestId":"r","FigureClusters":[
    {"ProjectName":"figured","DatasetName":"default","ObjectType":"figure-cluster",
    "ObjectId":"Cluster-3fa9c1d2-0000-4000-8000-000000000001","CreateTime":"2026-11-20T10:00:00Z",
    "UpdateTime":"2026-11-21T09:12:00Z","Name":"Ada","FaceCount":12,"ImageCount":11,"VideoCount":0,
    "MetaLockVersion":3},
    {"ProjectName":"figured","DatasetName":"default","ObjectType":"figure-cluster",
    "ObjectId":"Cluster-3fa9ffff-0000-4000-8000-000000000002","CreateTime":"2026-11-20T10:00:00Z",
    "UpdateTime":"2026-11-21T09:12:00Z","Name":"Ada","FaceCount":4,"ImageCount":4,"VideoCount":0,
    "MetaLockVersion":0}]}
    """.replacing("\n", with: "")

  private func daemon(
    role: Role = .admin, onCall: @escaping @Sendable (ScriptedDaemon.Call) throws -> Void
  ) throws -> ScriptedDaemon {
    try ScriptedDaemon(greeting: ScriptedDaemon.hello(role: role), onCall: onCall)
  }

  private static func task(
    _ status: String, refused: Int = 0, refusals: [TaskMessage.Refusal] = []
  ) throws -> String {
    var task = TaskMessage(
      taskID: "5d3e1c2a-0000-4000-8000-000000000001", taskType: "MediaImport",
      status: TaskMessage.Status(rawValue: status) ?? .failed, datasetName: "default",
      progress: TaskProgress(total: 10, done: 10, refused: refused, faces: 14))
    task.refusals = refusals
    let line = try LineCodec.encode(
      Answer(requestID: "r", body: TaskResult(task: task), withSuccess: false))
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  @Test func listsPeopleWithinEightyColumns() throws {
    let daemon = try daemon { $0.answer(Self.clusters) }
    defer { daemon.stop() }
    let run = try Figurectl.run(["clusters"], socket: daemon.path)
    #expect(run.code == 0)
    #expect(
      run.output == """
        ID        NAME  FACES  MEDIA  UPDATED           COVER
        3fa9c1d2  Ada      12     11  2026-11-21 09:12
        3fa9ffff  Ada       4      4  2026-11-21 09:12

        """)
  }

  @Test func printsTheDaemonsOwnResultAsJSON() throws {
    let daemon = try daemon {
      $0.answer(#"{"RequestId":"r","SearchLibInfoList":[],"NewMember":1.5}"#)
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["libraries", "list", "--json"], socket: daemon.path)
    #expect(run.output == #"{"NewMember":1.5,"RequestId":"r","SearchLibInfoList":[]}"# + "\n")
  }

  @Test(arguments: ["3fa9", "Ada", "Cluster-3fa9"])
  func listsCandidatesWhereAPersonIsAmbiguous(reference: String) throws {
    let daemon = try daemon { $0.answer(Self.clusters) }
    defer { daemon.stop() }
    let run = try Figurectl.run(["name", reference, "Grace"], socket: daemon.path)
    #expect(run.code == 1)
    #expect(run.diagnostics.contains("Cluster-3fa9c1d2-0000-4000-8000-000000000001"))
    #expect(run.diagnostics.contains("Cluster-3fa9ffff-0000-4000-8000-000000000002"))
  }

  @Test func namesThePersonOfAUniquePrefixUnlessSomebodyElseDid() throws {
    let asked = Mutex<[String: JSONValue]?>(nil)
    let daemon = try daemon { call in
      guard call.method == "UpdateFigureCluster" else { return call.answer(Self.clusters) }
      asked.withLock { $0 = call.parameters["FigureCluster"]?.objectValue }
      try call.refuse(WireError(.lockVersionConflict, "MetaLockVersion is 4, not 3."))
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["name", "3fa9c", "Grace"], socket: daemon.path)
    #expect(run.code == 1)
    #expect(run.diagnostics.contains("Somebody else"))
    #expect(
      asked.withLock { $0 } == [
        "ObjectId": "Cluster-3fa9c1d2-0000-4000-8000-000000000001", "Name": "Grace",
        "MetaLockVersion": 3,
      ])
  }

  @Test func exitsWithFourWhereTheUserMayNot() throws {
    let daemon = try daemon(role: .reader) {
      try $0.refuse(
        WireError(.notPermitted, "This takes the role curator.", hint: "Ask an administrator."))
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["recluster"], socket: daemon.path)
    #expect(run.code == 4)
    #expect(run.diagnostics.contains("Ask an administrator."))
  }

  @Test func neverLetsANameCommandTheTerminal() throws {
    let daemon = try daemon {
      $0.answer(
        Self.clusters.replacing("\"Ada\"", with: #""\#u{5C}u001b]0;owned\#u{5C}u0007""#))
    }
    defer { daemon.stop() }
    for arguments in [["clusters"], ["name", "3fa9", "x"]] {
      let run = try Figurectl.run(arguments, socket: daemon.path)
      #expect(!(run.output + run.diagnostics).contains("\u{1B}"))
      #expect((run.output + run.diagnostics).contains("owned"))
    }
  }

  // MARK: Importing

  @Test func importsWithoutWaitingAndSaysHowToFollow() throws {
    let daemon = try daemon { $0.answer(try Self.task("Queued")) }
    defer { daemon.stop() }
    let run = try Figurectl.run(["import", "/tmp"], socket: daemon.path)
    #expect(run.code == 0)
    #expect(run.output == "Importing into the library default: task 5d3e1c2a.\n")
    #expect(run.diagnostics.contains("figurectl wait 5d3e1c2a"))
  }

  @Test func saysWhatWasRefusedAndExitsWithOne() throws {
    let daemon = try daemon {
      $0.answer(
        try Self.task(
          "Succeeded", refused: 1,
          refusals: [
            .init(inputURL: "file:///a%20b.jpg", code: "InvalidImage", message: "It is cut short.")
          ]))
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["import", "/tmp", "--wait"], socket: daemon.path)
    #expect(run.code == 1)
    #expect(run.output == "Imported 9 media with 14 faces, 1 refused.\n")
    #expect(run.diagnostics.contains("/a b.jpg  It is cut short."))
  }

  @Test func sendsTheFilesThatTheDaemonMayNotRead() throws {
    let folder = TemporaryFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
      try Data(name.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    let sent = Mutex<[String: String]>([:])
    let daemon = try daemon { call in
      switch call.method {
      case "ImportMedia":
        try call.refuse(WireError(.imageUnreadable, "\(folder): Permission denied."))
      default:
        let name = call.parameters["InputURL"]?.stringValue ?? ""
        let content = call.files.first.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
        sent.withLock { $0[name] = content }
        if content == "b.jpg" { return try call.refuse(WireError(.imageInvalid, "No image.")) }
        call.answer(
          #"{"RequestId":"r","MediaId":"m","Outcome":"Added","MediaInfo":{"MediaId":"m"}}"#)
      }
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["import", folder], socket: daemon.path)
    #expect(run.code == 1)
    #expect(run.output == "Imported 2 media with 0 faces, 1 refused.\n")
    #expect(run.diagnostics.contains("/b.jpg  No image."))
    #expect(
      sent.withLock { $0 } == [
        "\(folder)/a.jpg": "a.jpg", "\(folder)/b.jpg": "b.jpg", "\(folder)/c.jpg": "c.jpg",
      ])
  }

  @Test func cancelsTheImportAtTheFirstInterrupt() throws {
    let kept = Mutex<ScriptedDaemon.Call?>(nil)
    let daemon = try daemon { call in
      if call.method == "$/cancel" {
        try kept.withLock { $0 }?.refuse(WireError(.cancelled, "Cancelled."))
      } else {
        kept.withLock { $0 = call }
      }
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["import", "/tmp", "--wait"], socket: daemon.path) { process in
      while kept.withLock({ $0 }) == nil { usleep(5000) }
      usleep(50_000)
      process.interrupt()
    }
    #expect(run.code == 130)
    #expect(run.diagnostics.contains("What was stored is kept"))
  }

  @Test func quitsAtTheSecondInterrupt() throws {
    let methods = Mutex<[String]>([])
    let daemon = try daemon { call in methods.withLock { $0.append(call.method) } }
    defer { daemon.stop() }
    let run = try Figurectl.run(["import", "/tmp", "--wait"], socket: daemon.path) { process in
      while methods.withLock({ $0.isEmpty }) { usleep(5000) }
      usleep(50_000)
      process.interrupt()
      while methods.withLock({ $0.count }) < 2 { usleep(5000) }
      process.interrupt()
    }
    #expect(run.code == 130)
  }

  // MARK: Output for programs

  @Test func exportsOneObjectALinePageAfterPage() throws {
    let figure = { @Sendable (number: Int) in
      #"{"FigureId":"f\#(number)","FigureType":"face","FigureConfidence":0.5,"FaceQuality":0.25,"#
        + #""Boundary":{"Left":1,"Top":2,"Width":3,"Height":4},"Landmarks":[],"#
        + #""FoundingObstacles":[],"MediaId":"m","InputURL":"file:///a.jpg"}"#
    }
    let daemon = try daemon { call in
      let isFirst = call.parameters["NextToken"] == nil
      let more = isFirst ? #","NextToken":"t""# : ""
      call.answer(#"{"RequestId":"r","Figures":[\#(figure(isFirst ? 1 : 2))]\#(more)}"#)
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["export", "figures"], socket: daemon.path)
    let lines = try run.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    #expect(lines.map { $0["FigureId"] } == ["f1", "f2"])
    #expect(lines.allSatisfy { $0["FigureClusterId"] == .null && $0["Embedding"] == nil })
  }

  @Test func stopsAtAListThatNeverEnds() throws {
    let daemon = try daemon { $0.answer(#"{"RequestId":"r","Figures":[],"NextToken":"t"}"#) }
    defer { daemon.stop() }
    let run = try Figurectl.run(["export", "figures"], socket: daemon.path)
    #expect(run.code == 1)
  }

  @Test func callsAnyMethodWithParametersFromTheInput() throws {
    let daemon = try daemon { call in
      call.answer(#"{"RequestId":"r","Method":"\#(call.method)","N":\#(call.parameters.count)}"#)
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(
      ["call", "FutureMethod", "-"], socket: daemon.path, input: #"{"A":1,"B":2}"#)
    #expect(run.output == #"{"Method":"FutureMethod","N":2,"RequestId":"r"}"# + "\n")
  }
}
