import Foundation
import Testing

/// figurectl as scripts and shells see it, without a daemon.
@Suite(.timeLimit(.minutes(2))) struct CommandLineTests {
  @Test(arguments: [
    [], ["bogus"], ["status", "surplus"], ["--bogus"], ["import"], ["name", "3fa9"],
    ["clusters", "--sort", "Colour"], ["search", "a.jpg", "--count", "51"],
    ["search", "a.jpg", "--face", "0"], ["report"], ["libraries"], ["call", "Ping", "[1]"],
    ["call", "Ping", "{"], ["completion", "tcsh"],
    ["merge", "Ada"], ["move", "9c01"], ["move", "9c01", "--to", "Ada", "--new"],
    ["move", "9c01", "--to", "Ada", "--name", "Bob"], ["split", "Ada"], ["link", "9c01"],
    ["separate", "9c01"], ["set", "Ada"], ["set", "Ada", "--hidden", "--no-hidden"],
    ["set", "Ada", "--label", "album"], ["history", "--limit", "0"],
    ["history", "--cluster", "Ada", "--figure", "9c01"], ["redo"], ["forget-history"],
    ["forget-history", "--before", "2026-02-30", "--yes"],
  ])
  func exitsWithTwoAfterWrongUsage(arguments: [String]) throws {
    let run = try Figurectl.run(arguments)
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(run.diagnostics.hasPrefix("figurectl"))
  }

  @Test func suggestsTheCommandThatWasMeant() throws {
    #expect(try Figurectl.run(["clsuters"]).diagnostics.contains("clusters"))
  }

  @Test(arguments: [
    ["status"], ["media"], ["clusters"], ["cluster", "3fa9"], ["tasks"], ["libraries", "list"],
    ["export", "figures"], ["report", "--output", "/tmp/figurectl-never.html"], ["call", "Ping"],
    ["import", "/tmp"], ["--json", "status"], ["merge", "Ada", "Bob"], ["undo"], ["history"],
    ["forget-history", "--yes"],
  ])
  func exitsWithFiveAndSaysHowToStartTheDaemon(arguments: [String]) throws {
    let run = try Figurectl.run(arguments)
    #expect(run.code == 5)
    #expect(run.output.isEmpty)
    #expect(run.diagnostics.contains("/tmp/figurectl-nowhere/figured.sock"))
    #expect(run.diagnostics.contains("Start it with"))
  }

  @Test func prefersTheSocketOfTheOption() throws {
    let run = try Figurectl.run(["status", "--socket", "/tmp/figurectl-elsewhere.sock"])
    #expect(run.diagnostics.contains("/tmp/figurectl-elsewhere.sock"))
  }

  @Test func saysWhichFileDoesNotExist() throws {
    let run = try Figurectl.run(["import", "/tmp/figurectl-no-such-folder"])
    #expect(run.code == 1)
    #expect(run.diagnostics.contains("/tmp/figurectl-no-such-folder: no such file or folder"))
  }

  @Test(arguments: [
    ["--help"], ["help"], ["import", "--help"], ["libraries", "create", "--help"],
    ["help", "report"], ["set", "--help"], ["move", "--help"], ["undo", "--help"],
  ])
  func helps(arguments: [String]) throws {
    let run = try Figurectl.run(arguments)
    #expect(run.code == 0)
    #expect(run.output.hasPrefix("Usage: figurectl"))
    #expect(run.diagnostics.isEmpty)
    let longest = run.output.split(separator: "\n").map(\.count).max() ?? 0
    #expect(longest <= 80 || run.output.contains("figurectl completion bash >"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func writesCompletionsThatKnowEveryCommand(shell: String) throws {
    let run = try Figurectl.run(["completion", shell])
    #expect(run.code == 0)
    for command in [
      "status", "import", "recluster", "libraries", "report", "export", "merge", "not-a-face",
      "undo",
    ] {
      #expect(run.output.contains(command), "\(command)")
    }
  }

  @Test func writesBashCompletionThatBashAccepts() throws {
    let script = try Figurectl.run(["completion", "bash"]).output
    let bash = Process()
    bash.executableURL = URL(filePath: "/bin/bash")
    bash.arguments = ["-n", "-c", script]
    try bash.run()
    bash.waitUntilExit()
    #expect(bash.terminationStatus == 0)
  }

  @Test func writesAManualWithExitStatusesAndFiles() throws {
    let run = try Figurectl.run(["--generate-man"])
    #expect(run.code == 0)
    #expect(run.output.contains(".TH"))
    #expect(run.output.contains("FIGURED_SOCKET"))
    #expect(run.output.contains("/run/figured/figured.sock"))
  }

  @Test func tellsItsVersionWithoutADaemon() throws {
    let run = try Figurectl.run(["version"])
    #expect(run.code == 0)
    #expect(run.output.hasPrefix("figurectl "))
    #expect(try Figurectl.run(["--version"]).output.hasPrefix("figurectl "))
  }
}
