import Foundation
import Testing

/// `figurebench compare`, on reports made up here.
@Suite(.timeLimit(.minutes(2))) struct CompareTests {
  private func compare(_ old: String, _ new: String) throws -> Figurebench.Run {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try [("old", old), ("new", new)].map { name, text in
      let file = folder.appending(path: "\(name).json")
      try Data(text.utf8).write(to: file)
      return file.path
    }
    return try Figurebench.run(["compare"] + paths)
  }

  @Test func acceptsWhatIsFasterAndWhatIsSlowerByLessThanATenth() throws {
    let run = try compare(
      #"{"ratios": {"a": 2.0, "b": 1.0}, "load": 3}"#, #"{"ratios": {"a": 1.81, "b": 4}}"#)
    #expect(run.code == 0)
    #expect(run.diagnostics.isEmpty)
    let cases = try #require(try run.json()["cases"] as? [[String: Any]])
    #expect(cases.map { $0["name"] as? String } == ["a", "b"])
    #expect(cases.map { $0["isSlower"] as? Bool } == [false, false])
    #expect(cases[1]["change"] as? Double == 4)
  }

  @Test func namesWhatIsSlowerByMoreThanATenth() throws {
    let run = try compare(
      #"{"ratios": {"import": 2.0, "start": 1.0}}"#, #"{"ratios": {"import": 1.79, "start": 1.0}}"#)
    #expect(run.code == 1)
    #expect(run.diagnostics.contains("import"))
    #expect(!run.diagnostics.contains("start"))
    let cases = try #require(try run.json()["cases"] as? [[String: Any]])
    #expect(cases.map { $0["isSlower"] as? Bool } == [true, false])
  }

  @Test func doesNotJudgeWhatOnlyOneReportHas() throws {
    let run = try compare(
      #"{"ratios": {"a": 2.0, "gone": 3.0}}"#, #"{"ratios": {"a": 2.0, "new": 0.1}}"#)
    #expect(run.code == 0)
    let cases = try #require(try run.json()["cases"] as? [[String: Any]])
    #expect(cases.map { $0["name"] as? String } == ["a", "gone", "new"])
    #expect(cases.allSatisfy { $0["name"] as? String == "a" || $0["change"] == nil })
  }

  @Test(arguments: [
    #"{"ratios": {}}"#, #"{"ratios": {"other": 1}}"#, "{}", #"{"ratios": {"a": "fast"}}"#,
    "no JSON",
  ])
  func refusesReportsThatSayNothing(new: String) throws {
    let run = try compare(#"{"ratios": {"a": 2.0}}"#, new)
    #expect(run.code == 1)
    #expect(!run.diagnostics.isEmpty)
  }
}
