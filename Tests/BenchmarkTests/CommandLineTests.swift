import Testing

/// figurebench as scripts see it.
@Suite(.timeLimit(.minutes(2))) struct CommandLineTests {
  @Test(arguments: [
    [], ["bogus"], ["networks", "surplus"], ["networks", "--network", "resnet"],
    ["networks", "--level", "sse9"], ["floor", "surplus"], ["import"],
    ["import", "/tmp", "--workers", "0"],
    ["start", "--faces", "-1"], ["detection", "photos"], ["verification"],
    ["clustering", "--orders", "none", "file"], ["compare", "one.json"],
  ])
  func exitsWithTwoAfterWrongUsage(arguments: [String]) throws {
    let run = try Figurebench.run(arguments)
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(run.diagnostics.hasPrefix("figurebench"))
  }

  @Test(arguments: [
    [], ["networks"], ["floor"], ["detection"], ["verification"], ["clustering"], ["import"],
    ["start"],
    ["compare"],
  ])
  func explainsItselfWhenAsked(command: [String]) throws {
    let run = try Figurebench.run(command + ["--help"])
    #expect(run.code == 0)
    #expect(run.output.hasPrefix("Usage: figurebench"))
    #expect(run.diagnostics.isEmpty)
  }

  @Test(arguments: [
    ["import", "/tmp", "--figured", "/tmp/figurebench-no-daemon"],
    ["verification", "/tmp/figurebench-no-data-set"],
    ["compare", "/tmp/figurebench-no-old.json", "/tmp/figurebench-no-new.json"],
  ])
  func exitsWithOneWhereNothingCanBeMeasured(arguments: [String]) throws {
    let run = try Figurebench.run(arguments)
    #expect(run.code == 1)
    #expect(run.output.isEmpty)
    #expect(run.diagnostics.hasPrefix("figurebench: "))
  }
}
