import Testing

/// The commands that start a real daemon.
@Suite(.timeLimit(.minutes(3))) struct DaemonBenchmarkTests {
  /// The example's photographs of several people lie in one folder, so that the score says nothing;
  /// but every photograph with a face must be counted, and three show nobody.
  @Test func importsCopiesUnderRandomNames() throws {
    let run = try Figurebench.run([
      "import", "Examples/library/photos", "--people", "--seed", "7", "--workers", "1",
    ])
    #expect(run.code == 0, "\(run.diagnostics)")
    let result = try run.json()
    #expect(result["photographs"] as? Int == 77)
    #expect(result["faces"] as? Int == 89)
    #expect(result["workers"] as? Int == 1)
    #expect(try #require(result["peakResidentBytes"] as? Int) > 10 << 20)
    #expect(try #require(result["processorSeconds"] as? Double) > 0)
    let people = try #require(result["people"] as? [String: Any])
    #expect(people["photographs"] as? Int == 74)
  }

  @Test func startsOnMadeUpFacesAgainAndAgain() throws {
    let run = try Figurebench.run(["start", "--faces", "250", "--runs", "2"])
    #expect(run.code == 0, "\(run.diagnostics)")
    let result = try run.json()
    #expect(result["faces"] as? Int == 250)
    #expect(result["clusters"] as? Int == 13)
    let least = try #require(result["minimumSeconds"] as? Double)
    let most = try #require(result["maximumSeconds"] as? Double)
    #expect(least > 0 && least <= most)
  }
}
