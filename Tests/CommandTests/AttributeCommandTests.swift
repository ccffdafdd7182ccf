import Foundation
import Synchronization
import Testing
import WireProtocol

/// `figurectl attributes` against a daemon that answers what a test tells it to.
@Suite(.timeLimit(.minutes(2))) struct AttributeCommandTests {
  private static func answer(_ body: some Codable & Sendable) throws -> String {
    let line = try LineCodec.encode(Answer(requestID: "r", body: body, withSuccess: false))
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  private func run(
    _ word: String, _ status: AttributeStatusResult
  ) throws -> (run: CommandRun, methods: [String]) {
    var task = TaskMessage(
      taskID: "5d3e1c2a-0000-4000-8000-000000000001", taskType: "AttributeFilling",
      status: .succeeded, datasetName: "", progress: TaskProgress(total: 1200, done: 1200))
    task.message = "It is done."
    let (ended, known) = (try Self.answer(TaskResult(task: task)), try Self.answer(status))
    let methods = Mutex<[String]>([])
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      methods.withLock { $0.append(call.method) }
      call.answer(call.method == "GetAttributeStatus" ? known : ended)
    }
    defer { daemon.stop() }
    let run = try Figurectl.run(["attributes", word], socket: daemon.path)
    return (run, methods.withLock { $0 })
  }

  private static let partial = AttributeStatusResult(
    attributes: ["age", "mesh"], figures: 1200, described: 1000, open: 190,
    notDescribed: ["Unreadable": 9, "NoPicture": 1])

  @Test func statusSaysOfHowManyFacesTheyAreKnown() throws {
    let (run, methods) = try run("status", Self.partial)
    #expect(run.code == 0 && methods == ["GetAttributeStatus"])
    for text in [
      "age, mesh", "1,000 of 1,200 faces",
      "9 faces cannot be described: the file is gone, or the daemon may not read it.",
      "1 face cannot be described: it is a video's",
    ] {
      #expect(run.output.replacing("\n", with: " ").contains(text), "\(text)")
    }
    #expect(run.diagnostics.contains("attributes fill"))
    var none = Self.partial
    none.attributes = []
    #expect(try self.run("status", none).run.output == "No attribute is switched on.\n")
    var all = Self.partial
    all.open = 0
    #expect(try self.run("status", all).run.diagnostics.isEmpty)
  }

  @Test func fillWaitsForTheTask() throws {
    let (run, methods) = try run("fill", Self.partial)
    #expect(run.code == 0 && methods == ["FillAttributes"])
    #expect(run.output == "It is done.\n")
  }
}
