import FaceClient
import Foundation
import Testing
import WireProtocol

/// How the daemon starts, stops, and outlives what is done to it.
@Suite(.serialized) struct LifeTests {
  @Test func loosesAndDoublesNothingWhenKilledDuringAnImport() throws {
    let daemon = try DaemonProcess(
      configuration: "[import]\nbatch_size = 4\nbatch_interval = 50ms\n")
    var generator = SeededGenerator(seed: 3)
    _ = try daemon.client().call(.importMedia([DemoLibrary.folder.path]))
    var stored = 0
    for _ in 0..<6 {
      Thread.sleep(forTimeInterval: Double.random(in: 0.05...0.6, using: &generator))
      let seen = try daemon.client().call(.status).counts.media
      daemon.kill(SIGKILL)
      try daemon.start()
      let now = try daemon.client().call(.status).counts.media
      #expect(now >= seen)
      #expect(now >= stored)
      stored = now
    }
    let client = try daemon.client()
    let task = try #require(try client.call(.tasks()).tasks.first)
    let ended = try client.call(.waitForTask(task.taskID)).task
    #expect(ended.status == .succeeded)
    #expect(ended.progress.done == 77)
    let counts = try client.call(.status).counts
    #expect(counts.media == 77)
    #expect(counts.figures == 89)
    let figures = try client.call(.figures(of: .library("default"), pageSize: 500)).figures
    #expect(Set(figures.compactMap(\.figureID)).count == 89)
  }

  @Test func stopsCleanlyOnSIGTERMAndLeavesNoSocket() throws {
    let daemon = try DaemonProcess()
    _ = try daemon.client().call(.importMedia([DemoLibrary.folder.path]))
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
    try reload("[access]\nadmins = []\nreaders = [\"$daemon\"]\n", until: "configuration reloaded")
    #expect(try daemon.client().hello.peer.role == .reader)
    try reload("[access]\nnonsense = 1\n", until: "configuration not reloaded")
    #expect(try daemon.client().hello.peer.role == .reader)
  }

  @Test func cancelsAnImportAndKeepsWhatWasStored() throws {
    let daemon = try DaemonProcess(configuration: "[import]\nbatch_size = 1\n")
    let client = try daemon.client()
    let task = try client.call(.importMedia([DemoLibrary.folder.path])).task
    while try client.call(.status).counts.media < 3 { Thread.sleep(forTimeInterval: 0.01) }
    try client.call(.cancelTask(task.taskID))
    let ended = try client.call(.waitForTask(task.taskID)).task
    #expect(ended.status == .cancelled)
    let stored = try client.call(.status).counts.media
    #expect((3..<77).contains(stored))
    try client.call(.importMedia([DemoLibrary.folder.path], wait: true))
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
