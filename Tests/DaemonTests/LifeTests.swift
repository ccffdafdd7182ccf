import FaceClient
import Foundation
import Testing
import WireProtocol

/// How the daemon starts, stops, and outlives what is done to it.
@Suite(.serialized) struct LifeTests {
  /// Kills the daemon at random moments of imports: 6 times, or as often as FIGURED_KILLS says.
  ///
  /// A finished import begins anew in another library, so that there is always one to interrupt.
  @Test func losesAndDoublesNothingWhenKilledDuringAnImport() throws {
    let kills = ProcessInfo.processInfo.environment["FIGURED_KILLS"].flatMap(Int.init) ?? 6
    let daemon = try DaemonProcess(
      configuration: "[import]\nbatch-size = 4\nbatch-interval = 50ms\n")
    var generator = SeededGenerator(seed: UInt64(kills))
    var library = "default"
    _ = try daemon.client().call(.importMedia(paths: [DemoLibrary.folder.path]))
    var stored = 0
    var rounds = 1
    for _ in 0..<kills {
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.6, using: &generator))
      let seen = try daemon.client().call(.library(library)).searchLib.mediaTotal
      // Between the answer and the kill too there is a moment in which more is stored.
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.05, using: &generator))
      daemon.kill(SIGKILL)
      try expectIntactDatabase(daemon)
      try daemon.start()
      let client = try daemon.client()
      let now = try client.call(.library(library)).searchLib.mediaTotal
      #expect(now >= seen)
      #expect(now >= stored)
      stored = now
      if now == 77 {
        try expectWholeLibrary(library, client)
        rounds += 1
        (library, stored) = ("round-\(rounds)", 0)
        try client.call(.createLibrary(library))
        try client.call(.importMedia(paths: [DemoLibrary.folder.path], library: library))
      }
    }
    try expectWholeLibrary(library, daemon.client())
  }

  /// Checks a copy, so that the daemon itself has to recover what was left.
  private func expectIntactDatabase(_ daemon: DaemonProcess) throws {
    let copy = daemon.folder.appending(path: "copy")
    try FileManager.default.copyItem(at: daemon.stateDirectory, to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    let database = try StateDatabase(in: copy)
    #expect(try database.texts("PRAGMA integrity_check") == ["ok"])
    #expect(try database.texts("PRAGMA foreign_key_check") == [])
    let doubled = "SELECT uri FROM media GROUP BY library, uri HAVING count(*) > 1"
    #expect(try database.texts(doubled) == [])
  }

  /// Waits for the end of all imports and counts what they stored.
  private func expectWholeLibrary(_ library: String, _ client: FaceClient) throws {
    for task in try client.call(.tasks()).tasks {
      let ended = try client.call(.waitForTask(task.taskID)).task
      #expect(ended.status == .succeeded)
      #expect(ended.progress.done == 77)
    }
    let counts = try client.call(.library(library)).searchLib
    #expect(counts.mediaTotal == 77)
    #expect(counts.figureTotal == 89)
    let figures = try client.call(.figures(of: .library(library), pageSize: 500)).figures
    #expect(Set(figures.compactMap(\.figureID)).count == 89)
  }

  @Test func stopsCleanlyOnSIGTERMAndLeavesNoSocket() throws {
    let daemon = try DaemonProcess()
    _ = try daemon.client().call(.importMedia(paths: [DemoLibrary.folder.path]))
    #expect(daemon.kill(SIGTERM) == 0)
    #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
    #expect(daemon.log.contains("stopped"))
    try daemon.start()
    let client = try daemon.client()
    let task = try #require(try client.call(.tasks()).tasks.first)
    #expect(try client.call(.waitForTask(task.taskID)).task.status == .succeeded)
    #expect(try client.call(.status).counts.media == 77)
  }

  @Test func readsItsConfigurationAgainOnSIGHUPAndKeepsTheOldOneIfItIsWrong() throws {
    let daemon = try DaemonProcess()
    func reload(_ text: String, until line: String) throws {
      try text.write(to: daemon.configurationPath, atomically: true, encoding: .utf8)
      daemon.signal(SIGHUP)
      let deadline = ContinuousClock.now + .seconds(10)
      while !daemon.log.contains(line), ContinuousClock.now < deadline {
        Thread.sleep(forTimeInterval: 0.02)
      }
      #expect(daemon.log.contains(line))
    }
    try reload("[access]\nadmin = []\nreader = [\"$daemon\"]\n", until: "configuration reloaded")
    #expect(try daemon.client().hello.peer.role == .reader)
    try reload("[access]\nnonsense = 1\n", until: "configuration not reloaded")
    #expect(try daemon.client().hello.peer.role == .reader)
  }

  @Test func computesEmbeddingsInSinglePrecisionWhereToldTo() throws {
    let daemon = try DaemonProcess(configuration: "[analysis]\nprecision = \"float32\"\n")
    #expect(try daemon.client().call(.status).processor.precision == "float32")
  }

  @Test func cancelsAnImportAndKeepsWhatWasStored() throws {
    let daemon = try DaemonProcess(configuration: "[import]\nbatch-size = 1\n")
    let client = try daemon.client()
    let task = try client.call(.importMedia(paths: [DemoLibrary.folder.path])).task
    while try client.call(.status).counts.media < 3 { Thread.sleep(forTimeInterval: 0.01) }
    try client.call(.cancelTask(task.taskID))
    let ended = try client.call(.waitForTask(task.taskID)).task
    #expect(ended.status == .cancelled)
    let stored = try client.call(.status).counts.media
    #expect((3..<77).contains(stored))
    try client.call(.importMedia(paths: [DemoLibrary.folder.path], wait: true))
    #expect(try client.call(.status).counts.media == 77)
  }

  @Test func refusesAStateDirectoryThatIsInUse() throws {
    let daemon = try DaemonProcess()
    let second = Process()
    second.executableURL = Bundle.main.executableURL.map {
      $0.deletingLastPathComponent().appending(path: "figured")
    }
    second.arguments = [
      "--config", daemon.configurationPath.path, "--state", daemon.stateDirectory.path,
      "--socket", daemon.folder.appending(path: "second").path,
      "--models", projectRoot.appending(path: "Models").path,
    ]
    let pipe = Pipe()
    second.standardError = pipe
    try second.run()
    second.waitUntilExit()
    #expect(second.terminationStatus == 1)
    let message = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(message.contains("in use"))
  }

  @Test func keepsItsFilesToItself() throws {
    let daemon = try DaemonProcess()
    let manager = FileManager.default
    for file in try manager.contentsOfDirectory(atPath: daemon.stateDirectory.path) {
      let attributes = try manager.attributesOfItem(
        atPath: daemon.stateDirectory.appending(path: file).path)
      #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(file)")
    }
  }
}
