import Foundation
import Synchronization
import Testing
import WireProtocol

/// `figurectl model` against a daemon that answers what a test tells it to.
@Suite(.timeLimit(.minutes(2))) struct ModelCommandTests {
  private static let (old, new) = (
    String(repeating: "2aeeeb124d03", count: 6).prefix(64),
    String(repeating: "5b0e2d22d24a", count: 6).prefix(64)
  )

  private static func answer(_ body: some Codable & Sendable) throws -> String {
    let line = try LineCodec.encode(Answer(requestID: "r", body: body, withSuccess: false))
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  private static func models(_ status: ModelSwitchMessage.Status?) -> ModelSwitchResult {
    ModelSwitchResult(
      models: [
        InstalledModelMessage(
          fingerprint: String(new), directory: "/models", isConfigured: true,
          isInUse: status == .applied),
        InstalledModelMessage(
          fingerprint: String(old), directory: "/models-previous", isConfigured: false,
          isInUse: status != .applied),
      ],
      change: status.map { status in
        ModelSwitchMessage(
          status: status, from: String(old), to: String(new), requestedBy: 0,
          createTime: "2026-11-21T10:00:00Z", prepareTime: nil, applyTime: nil, figures: 1200,
          embedded: 1190, embeddedFromCrops: 7, notEmbedded: ["Unreadable": 9, "NoPath": 1],
          samplesLeft: 3,
          plans: [
            FigureClusteringPlanMessage(
              planID: "fe8095af-0000-4000-8000-000000000001", taskID: nil, status: .ready,
              datasetName: "default", createTime: "2026-11-21T10:00:00Z", requestedBy: 0,
              changes: ["Join": 2], figuresMoved: 14, namesAtRisk: 0)
          ])
      })
  }

  private static func task(_ kind: String) throws -> String {
    var task = TaskMessage(
      taskID: "5d3e1c2a-0000-4000-8000-000000000001", taskType: kind, status: .succeeded,
      datasetName: "", progress: TaskProgress(total: 1200, done: 1200))
    task.message = "It is done."
    return try answer(TaskResult(task: task))
  }

  /// A daemon whose change of the model has come so far, and the methods that it was asked.
  private func run(
    _ words: [String], _ status: ModelSwitchMessage.Status?
  ) throws -> (run: CommandRun, methods: [String], target: String?) {
    let asked = Mutex<(methods: [String], target: String?)>(([], nil))
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      asked.withLock { asked in
        asked.methods.append(call.method)
        asked.target = asked.target ?? call.parameters["To"]?.stringValue
      }
      switch call.method {
      case "GetModelSwitch": call.answer(try Self.answer(Self.models(status)))
      case "DiscardModelSwitch":
        call.answer(try Self.answer(DiscardModelSwitchResult(embeddingsErased: 1190)))
      default: call.answer(try Self.task(call.method))
      }
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["model"] + words, socket: daemon.path)
    return asked.withLock { (run, $0.methods, $0.target) }
  }

  @Test func statusSaysHowFarItHasComeAndWhatIsNext() throws {
    let ready = try run(["status"], .ready).run
    #expect(ready.code == 0)
    for text in [
      "5b0e2d22d24a installed: /models", "2aeeeb124d03 the one before, in use: /models-previous",
      "1,190 of 1,200 faces embedded, 7 from their small pictures.",
      "9 faces cannot be embedded: the file is gone, or the daemon may not read it.",
      "1 face cannot be embedded: the daemon has no path to the file.",
      "3 pictures of enrolled people", "2 changes would move 14 faces.",
    ] {
      #expect(ready.output.replacing("\n", with: " ").contains(text), "\(text)")
    }
    #expect(ready.diagnostics.contains("figurectl model apply"))
    #expect(try run(["status"], nil).run.diagnostics.contains("figurectl model prepare"))
    #expect(try run(["status"], .applied).run.diagnostics.contains("figurectl model undo"))
  }

  @Test func preparesTheModelThatIsMeant() throws {
    let prepared = try run(["prepare", "2AEE"], .ready)
    #expect(prepared.run.code == 0)
    #expect(prepared.methods == ["GetModelSwitch", "PrepareModelSwitch", "GetModelSwitch"])
    #expect(prepared.target == String(Self.old))
    #expect(prepared.run.output.contains("It is done."))
    let unknown = try run(["prepare", "ffff"], nil)
    #expect(unknown.run.code == 1)
    #expect(unknown.methods == ["GetModelSwitch"])
  }

  @Test(arguments: [
    ("apply", "ApplyModelSwitch"), ("undo", "UndoModelSwitch"), ("discard", "DiscardModelSwitch"),
  ])
  func asksForWhatItIsCalled(command: String, method: String) throws {
    let asked = try run([command], .ready)
    #expect(asked.run.code == 0)
    #expect(asked.methods == [method])
  }
}
