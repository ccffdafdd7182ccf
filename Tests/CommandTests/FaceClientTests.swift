import FaceClient
import FoundationEssentials
import Glibc
import Synchronization
import Testing
import WireProtocol

@Suite(.timeLimit(.minutes(1))) struct FaceClientTests {
  // MARK: Connecting

  @Test func saysHowToStartADaemonThatIsNotThere() {
    #expect {
      _ = try FaceClient.connect(path: "/tmp/figurectl-nowhere/figured.sock")
    } throws: { error in
      guard case ClientError.daemonNotReachable(let path, _, let hint) = error else { return false }
      return path == "/tmp/figurectl-nowhere/figured.sock" && hint.contains("figured")
    }
  }

  @Test func saysThatNobodyListensAtAStaleSocket() throws {
    let daemon = try ScriptedDaemon(greeting: nil)
    let copy = daemon.path + ".old"
    // The name outlives the listener.
    #expect(link(daemon.path, copy) == 0)
    defer { unlink(copy) }
    daemon.stop()
    #expect(throws: ClientError.self) { _ = try FaceClient.connect(path: copy) }
  }

  @Test func givesUpOnADaemonThatDoesNotGreet() throws {
    let daemon = try ScriptedDaemon(greeting: nil)
    defer { daemon.stop() }
    #expect {
      _ = try FaceClient.connect(path: daemon.path, timeout: .milliseconds(100))
    } throws: { error in
      guard case ClientError.daemonNotReachable(_, let reason, _) = error else { return false }
      return reason.contains("greet")
    }
  }

  @Test func refusesAnotherMajorVersion() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello(protocolVersion: "2.0"))
    defer { daemon.stop() }
    #expect(throws: ClientError.versionMismatch(daemon: "2.0", client: "1.0")) {
      _ = try FaceClient.connect(path: daemon.path)
    }
  }

  @Test func acceptsAnotherMinorVersion() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello(protocolVersion: "1.7"))
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    #expect(client.hello.version == "9.9.9")
  }

  @Test func tellsWhatTheDaemonSaidInsteadOfAGreeting() throws {
    let error = WireError(.tooManyConnections, "64 connections are open.")
    let line = try LineCodec.encode(OutgoingError(id: nil, error: error)).dropLast()
    let daemon = try ScriptedDaemon(greeting: String(decoding: line, as: UTF8.self))
    defer { daemon.stop() }
    #expect {
      _ = try FaceClient.connect(path: daemon.path)
    } throws: { ($0 as? ClientError)?.code == .tooManyConnections }
  }

  @Test(arguments: ["", "HTTP/1.1 400 Bad Request", "[]", "{}", #"{"jsonrpc":"2.0","id":1}"#])
  func recognisesAnotherProgramsSocket(greeting: String) throws {
    let daemon = try ScriptedDaemon(greeting: greeting)
    defer { daemon.stop() }
    #expect {
      _ = try FaceClient.connect(path: daemon.path)
    } throws: { error in
      if case ClientError.protocolViolation = error { true } else { false }
    }
  }

  // MARK: Asking

  @Test func matchesAnswersThatComeInAnotherOrder() throws {
    let waiting = Mutex<[ScriptedDaemon.Call]>([])
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      waiting.withLock { waiting in
        waiting.append(call)
        guard waiting.count == 3 else { return }
        for call in waiting.reversed() {
          call.answer(#"{"RequestId":"r","N":\#(call.parameters["N"]?.integerValue ?? 0)}"#)
        }
      }
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    let answers = try (1...3).map { try client.start(.raw("Echo", ["N": .integer($0)])) }
    #expect(try answers.map { try $0.wait()["N"]?.integerValue } == [1, 2, 3])
  }

  @Test func holdsBackWhatTheDaemonsLimitDoesNotAllow() throws {
    let state = Mutex((open: 0, most: 0))
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello(inFlight: 2)) { call in
      state.withLock { state in
        state.open += 1
        state.most = max(state.most, state.open)
      }
      Thread.answerSoon(call) { state.withLock { $0.open -= 1 } }
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    let answers = try (0..<20).map { _ in try client.start(.raw("Ping")) }
    for answer in answers { _ = try answer.wait() }
    #expect(state.withLock { $0.most } == 2)
  }

  @Test func passesFilesInTheOrderOfTheRequest() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      let texts = call.files.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }
      call.answer(#"{"RequestId":"r","Texts":[\#(texts.joined(separator: ","))]}"#)
    }
    defer { daemon.stop() }
    let folder = TemporaryFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try ["first", "second"].map { text in
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + text))
      return try OpenFile(path: folder + "/" + text)
    }
    let client = try FaceClient.connect(path: daemon.path)
    let answer = try client.call(FaceRequest<JSONValue>.raw("Look", files: files))
    #expect(answer["Texts"] == ["first", "second"])
  }

  @Test func reportsProgressBeforeTheAnswer() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      for done in 1...3 { try call.progress(done: done, total: 3) }
      call.answer(#"{"RequestId":"r"}"#)
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    let seen = Mutex<[Int]>([])
    try client.call(.raw("Import")) { news in seen.withLock { $0.append(news.progress.done) } }
    #expect(seen.withLock { $0 } == [1, 2, 3])
  }

  @Test func tellsRefusalsFromWhatIsNotPermitted() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      try call.refuse(
        WireError(call.method == "Drop" ? .notPermitted : .resourceNotFound, "No.", hint: "Ask."))
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    #expect(throws: ClientError.refused(WireError(.resourceNotFound, "No.", hint: "Ask."))) {
      try client.call(.status)
    }
    #expect(throws: ClientError.notPermitted(WireError(.notPermitted, "No.", hint: "Ask."))) {
      try client.call(.raw("Drop"))
    }
  }

  @Test func refusesALineThatTheDaemonWouldNotTake() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello(line: 200)) { call in
      call.answer(#"{"RequestId":"r"}"#)
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    #expect {
      try client.call(.detectFaces(in: .base64(String(repeating: "A", count: 300))))
    } throws: { ($0 as? ClientError)?.code == .lineTooLong }
    // The connection is as good as before.
    try client.call(.ping)
  }

  @Test func complainsAboutAResultOfAnotherForm() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      call.answer(#"{"RequestId":"r","Tasks":17}"#)
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    #expect {
      try client.call(.tasks())
    } throws: { error in
      if case ClientError.protocolViolation = error { true } else { false }
    }
  }

  // MARK: Giving up

  @Test func timesOutAndCancelsTheRequest() throws {
    let cancelled = Mutex<[JSONValue?]>([])
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      if call.method == "$/cancel" { cancelled.withLock { $0.append(call.parameters["Id"]) } }
      if call.method == "Ping" { call.answer(#"{"RequestId":"r"}"#) }
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    var slow = FaceRequest<JSONValue>.raw("Sleep")
    slow.timeout = .milliseconds(50)
    #expect(throws: ClientError.timedOut(method: "Sleep", limit: .milliseconds(50))) {
      try client.call(slow)
    }
    try client.call(.ping)
    #expect(cancelled.withLock { $0 } == [1])
  }

  @Test func cancelsWithTheDaemonsOwnAnswer() throws {
    let kept = Mutex<ScriptedDaemon.Call?>(nil)
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      if call.method == "$/cancel" {
        try kept.withLock { $0 }?.refuse(WireError(.cancelled, "Stopped."))
      } else {
        kept.withLock { $0 = call }
      }
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    let answer = try client.start(.importMedia(paths: ["/a"], wait: true))
    answer.cancel()
    #expect(throws: ClientError.refused(WireError(.cancelled, "Stopped."))) { try answer.wait() }
  }

  @Test func forgetsACancelledRequestThatWasNotSent() throws {
    let methods = Mutex<[String]>([])
    let first = Mutex<ScriptedDaemon.Call?>(nil)
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello(inFlight: 1)) { call in
      methods.withLock { $0.append(call.method) }
      if call.method == "First" {
        first.withLock { $0 = call }
      } else {
        call.answer(#"{"RequestId":"r"}"#)
      }
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    let answers = try ["First", "Second", "Third"].map { try client.start(.raw($0)) }
    answers[1].cancel()
    #expect {
      try answers[1].wait()
    } throws: { ($0 as? ClientError)?.code == .cancelled }
    while first.withLock({ $0 }) == nil { usleep(1000) }
    first.withLock { $0?.answer(#"{"RequestId":"r"}"#) }
    _ = try answers[2].wait()
    #expect(methods.withLock { $0 } == ["First", "Third"])
  }

  @Test func failsAllThatWaitWhenTheConnectionEnds() throws {
    let count = Mutex(0)
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      if count.withLock({
        $0 += 1; return $0
      }) == 3 {
        call.hangUp()
      }
    }
    defer { daemon.stop() }
    let client = try FaceClient.connect(path: daemon.path)
    let answers = try (0..<3).map { _ in try client.start(.raw("Wait")) }
    for answer in answers {
      #expect(throws: ClientError.connectionLost(reason: "the daemon closed it")) {
        try answer.wait()
      }
    }
    #expect(throws: ClientError.connectionLost(reason: "the daemon closed it")) {
      try client.call(.ping)
    }
  }

  @Test func closesWhenNobodyRefersToIt() throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello())
    defer { daemon.stop() }
    for _ in 0..<20 { _ = try FaceClient.connect(path: daemon.path) }
    // The daemon hears of it a moment later.
    for _ in 0..<500 where daemon.connectionCount > 0 { usleep(10_000) }
    #expect(daemon.connectionCount == 0)
  }

  // MARK: Swift's concurrency

  @Test func answersManyTasksAtATime() async throws {
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello(inFlight: 4)) { call in
      call.answer(#"{"RequestId":"r","N":\#(call.parameters["N"]?.integerValue ?? 0)}"#)
    }
    defer { daemon.stop() }
    let client = try await FaceClient.connect(path: daemon.path)
    let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
      for number in 1...200 {
        group.addTask {
          try await client.call(.raw("Echo", ["N": .integer(Int64(number))]))["N"]?.integerValue
            ?? 0
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(sum == 20_100)
  }

  @Test func cancellingTheTaskCancelsTheRequest() async throws {
    let kept = Mutex<ScriptedDaemon.Call?>(nil)
    let daemon = try ScriptedDaemon(greeting: ScriptedDaemon.hello()) { call in
      if call.method == "$/cancel" {
        try kept.withLock { $0 }?.refuse(WireError(.cancelled, "Stopped."))
      } else {
        kept.withLock { $0 = call }
      }
    }
    defer { daemon.stop() }
    let client = try await FaceClient.connect(path: daemon.path)
    let task = Task { try await client.call(.raw("Sleep")) }
    while kept.withLock({ $0 }) == nil { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: ClientError.refused(WireError(.cancelled, "Stopped."))) {
      try await task.value
    }
  }
}

private enum Thread {
  /// Answers from another thread after a moment, so that requests pile up.
  static func answerSoon(_ call: ScriptedDaemon.Call, before: @escaping @Sendable () -> Void) {
    Task.detached {
      try? await Task.sleep(for: .milliseconds(2))
      before()
      call.answer(#"{"RequestId":"r"}"#)
    }
  }
}
