import Glibc
import Synchronization
import Testing
import UnixSocket

/// Sends what is left of a line at this place of the stream; `false` if nothing fits for a while.
private func eventuallySent(
  _ sent: inout Int, of line: [UInt8], to client: borrowing RawClient
) -> Bool {
  for _ in 0..<20 {
    let count = client.send(Array(line[(sent % line.count)...]), waiting: false)
    if count > 0 {
      sent += count
      return true
    }
    usleep(5_000)
  }
  return false
}

extension SocketTests {
  @Suite struct LineServerTests {
    @Test func answersManyClientsAtOnce() async throws {
      let server = try TestServer(limits: LineServerLimits(connections: 64, connectionsPerUser: 64))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<50 {
          group.addTask {
            let client = try server.connect()
            for round in 0..<20 {
              try client.send(bytes("client \(number) round \(round)"))
              #expect(try client.receiveText() == "client \(number) round \(round)")
            }
          }
        }
        try await group.waitForAll()
      }
      server.stop()
    }

    @Test func keepsTheOrderOfPipelinedLines() throws {
      let server = try TestServer()
      let client = try server.connect()
      for index in 0..<2_000 { try client.send(bytes("\(index)")) }
      for index in 0..<2_000 { #expect(try client.receiveText() == "\(index)") }
      server.stop()
    }

    @Test func servesAClientThatWritesAByteAtATime() throws {
      let server = try TestServer()
      let client = try RawClient(path: server.path)
      for byte in bytes("slowly\n") {
        client.send([byte])
        usleep(2_000)
      }
      #expect(client.receive(7) == bytes("slowly\n"))
      server.stop()
    }

    @Test(arguments: [1 << 20, 5 << 20, 32 << 20])
    func carriesGiantLines(size: Int) throws {
      var limits = LineServerLimits(lineBytes: size)
      limits.hardQueuedBytes = 1 << 20  // A single line may be longer.
      let server = try TestServer(limits: limits)
      let client = try server.connect()
      var line = [UInt8](repeating: 0x61, count: size)
      for place in stride(from: 0, to: size, by: 4_099) { line[place] = UInt8(place % 9) }
      try client.send(line)
      #expect(try client.receiveLine(within: .seconds(20)) == line)
      #expect(eventually { server.heldLineBytes == 0 })
      server.stop()
    }

    @Test func skipsALineThatIsTooLongAndServesTheNext() throws {
      let server = try TestServer(limits: LineServerLimits(lineBytes: 100_000))
      let client = try server.connect()
      try client.send([UInt8](repeating: 0x61, count: 300_000))
      #expect(try client.receiveText() == "rule broken")
      try client.send(bytes("next"))
      #expect(try client.receiveText() == "next")
      #expect(
        server.sessions[0].events == [.ruleBroken(.lineTooLong(limit: 100_000)), .line("next")])
      server.stop()
    }

    @Test func endsAConnectionWhoseLineNeverEnds() throws {
      let server = try TestServer(limits: LineServerLimits(lineBytes: 10_000))
      let client = try RawClient(path: server.path)
      while client.send([UInt8](repeating: 0x61, count: 10_000)) > 0 {}
      let session = server.sessions[0]
      #expect(eventually { session.events.count == 3 })
      #expect(
        session.events == [
          .ruleBroken(.lineTooLong(limit: 10_000)), .ruleBroken(.lineEndless(limit: 10_000)),
          .closed(.ruleBroken(.lineEndless(limit: 10_000))),
        ])
      #expect(client.receive(100).starts(with: bytes("rule broken\n")))
      server.stop()
    }

    @Test func refusesLinesBeyondTheSharedMemory() throws {
      let kept = Shared<[ReceivedLine]>([])
      let limits = LineServerLimits(lineBytes: 400_000, totalLineBytes: 1_000_000)
      let server = try TestServer(limits: limits) { connection, line, _ in
        kept.change { $0.append(line) }
        connection.send(bytes("kept"))
      }
      let client = try server.connect()
      let line = [UInt8](repeating: 0x61, count: 390_000)
      for answer in ["kept", "kept", "rule broken"] {
        try client.send(line)
        #expect(try client.receiveText() == answer)
      }
      // Somebody else's unfinished line counts too.
      let other = try RawClient(path: server.path)
      other.send(line)
      #expect(other.receive(12) == bytes("rule broken\n"))
      // What is done with is available again.
      kept.change { $0 = [] }
      try client.send(line)
      #expect(try client.receiveText() == "kept")
      kept.change { $0 = [] }
      #expect(eventually { server.heldLineBytes == 0 })
      server.stop()
    }

    @Test func stopsReadingFromAClientThatDoesNotReadAndLosesNothing() throws {
      let limits = LineServerLimits(softQueuedBytes: 100_000, hardQueuedBytes: 1_000_000)
      let server = try TestServer(limits: limits)
      let client = try RawClient(path: server.path)
      let line = [UInt8](repeating: 0x61, count: 999) + [0x0A]
      var sent = 0
      // Until nothing fits any more anywhere: the server's queue, and the buffers of both sockets.
      while eventuallySent(&sent, of: line, to: client) {}
      #expect(sent < 3_000_000)
      let connection = server.sessions[0].connection
      #expect(connection.isCongested)
      #expect(connection.queuedBytes < 300_000)
      // Another one is served meanwhile.
      let other = try server.connect()
      try other.send(bytes("me too"))
      #expect(try other.receiveText() == "me too")
      // And once the client reads, everything arrives.
      var received = 0
      while received < sent - sent % line.count {
        let count = client.receive(65_536).count
        try #require(count > 0)
        received += count
      }
      #expect(eventually { !connection.isCongested && connection.queuedBytes == 0 })
      server.stop()
    }

    @Test func disconnectsAClientThatLetsTooMuchPileUp() throws {
      let limits = LineServerLimits(softQueuedBytes: 100_000, hardQueuedBytes: 1_000_000)
      let server = try TestServer(limits: limits) { connection, _, _ in
        // As a subscription would: many lines that nobody asked for again.
        let line = [UInt8](repeating: 0x61, count: 10_000)
        while connection.send(line) {}
      }
      let client = try RawClient(path: server.path)
      client.send(bytes("subscribe\n"))
      let session = server.sessions.first
      #expect(eventually { server.connectionCount == 0 && !server.sessions.isEmpty })
      let events = (session ?? server.sessions[0]).events
      guard case .closed(.tooSlow(let queuedBytes)) = events.last else {
        Issue.record("\(events)")
        return server.stop()
      }
      #expect(queuedBytes > 900_000 && queuedBytes <= 1_000_000)
      server.stop()
    }

    @Test func finishesAnswersAfterTheClientHasShutDownWriting() throws {
      let held = Shared<[(LineConnection, ReceivedLine)]>([])
      let server = try TestServer(closesWhenReadEnds: false) { connection, line, _ in
        held.change { $0.append((connection, line)) }
      }
      let client = try server.connect()
      try client.send(bytes("first"))
      try client.send(bytes("second"))
      client.finishWriting()
      #expect(eventually { server.sessions.first?.events.last == .readEnded })
      for (connection, line) in held.value { connection.send(line.bytes) }
      held.value[0].0.closeWhenDrained()
      #expect(try client.receiveText() == "first")
      #expect(try client.receiveText() == "second")
      #expect(try client.receiveText() == nil)
      #expect(
        eventually {
          server.sessions[0].events == [
            .line("first"), .line("second"), .readEnded, .closed(.serverClosed),
          ]
        })
      held.change { $0 = [] }
      server.stop()
    }

    @Test func deliversTheLastLineWithoutNewline() throws {
      let server = try TestServer()
      let client = try RawClient(path: server.path)
      client.send(bytes("no newline"))
      shutdown(client.descriptor.rawValue, Int32(SHUT_WR))
      #expect(client.receive(11) == bytes("no newline\n"))
      server.stop()
    }

    @Test func sendsAllOfALongAnswerBeforeClosing() throws {
      let server = try TestServer { connection, _, _ in
        connection.send([UInt8](repeating: 0x61, count: 3_000_000))
        connection.closeWhenDrained()
        #expect(!connection.send(bytes("too late")))
      }
      let client = try server.connect()
      try client.send(bytes("go"))
      usleep(50_000)
      #expect(try client.receiveLine(within: .seconds(10))?.count == 3_000_000)
      #expect(try client.receiveText() == nil)
      server.stop()
    }

    @Test func noticesThatAClientHasGone() throws {
      let server = try TestServer(closesWhenReadEnds: false)
      do {
        let client = try RawClient(path: server.path)
        client.send(bytes("bye\nwithout newline"))
      }
      #expect(eventually { server.connectionCount == 0 && !server.sessions.isEmpty })
      let events = server.sessions[0].events
      #expect(events.starts(with: [.line("bye"), .line("without newline"), .readEnded]))
      #expect(events.last == .closed(.peerClosed))
      server.stop()
    }

    @Test func noticesThatAClientHasGoneWhileItWasNotReadFrom() throws {
      let server = try TestServer { connection, _, _ in connection.pauseReading() }
      do {
        let client = try RawClient(path: server.path)
        client.send(bytes("one\ntwo\n"))
        #expect(eventually { server.sessions.first?.events == [.line("one")] })
      }
      #expect(eventually { server.connectionCount == 0 })
      #expect(server.sessions[0].events == [.line("one"), .closed(.peerClosed)])
      server.stop()
    }

    @Test func pausesAndResumesBetweenLinesOfOneChunk() throws {
      let server = try TestServer { connection, _, _ in connection.pauseReading() }
      let client = try RawClient(path: server.path)
      client.send(bytes("one\ntwo\nthree\n"))
      for count in 1...3 {
        #expect(eventually { server.sessions.first?.events.count == count })
        usleep(20_000)
        #expect(server.sessions[0].events.count == count)
        server.sessions[0].connection.resumeReading()
      }
      server.stop()
    }

    @Test func refusesConnectionsBeyondTheLimitAndServesAgainLater() throws {
      let server = try TestServer(limits: LineServerLimits(connections: 3, connectionsPerUser: 3))
      var clients = try (0..<3).map { _ in try server.connect() }
      for client in clients {
        try client.send(bytes("hello"))
        #expect(try client.receiveText() == "hello")
      }
      let refused = try server.connect()
      #expect(try refused.receiveText() == "refused: tooManyConnections(limit: 3)")
      #expect(try refused.receiveText() == nil)
      clients[0].close()
      clients.removeFirst()
      #expect(eventually { server.connectionCount == 2 })
      let next = try server.connect()
      try next.send(bytes("now"))
      #expect(try next.receiveText() == "now")
      server.stop()
    }

    @Test func leavesRoomForOtherUsers() throws {
      let server = try TestServer(limits: LineServerLimits(connections: 3, connectionsPerUser: 1))
      let first = try server.connect()
      try first.send(bytes("hello"))
      #expect(try first.receiveText() == "hello")
      #expect(
        try server.connect().receiveText() == "refused: tooManyConnectionsOfUser(limit: 1)")
      server.stop()
    }

    @Test func stopsWithoutLosingAnAnswer() throws {
      let held = Shared<[(LineConnection, ReceivedLine)]>([])
      let server = try TestServer(closesWhenReadEnds: false) { connection, line, _ in
        held.change { $0.append((connection, line)) }
      }
      let client = try server.connect()
      try client.send(bytes("in flight"))
      #expect(eventually { held.value.count == 1 })
      server.loop.schedule(after: .milliseconds(50)) {
        let (connection, line) = held.value[0]
        connection.send(line.bytes)
        connection.closeWhenDrained()
        held.change { $0 = [] }
      }
      server.stop(within: .seconds(10))
      #expect(try client.receiveText() == "in flight")
      #expect(try client.receiveText() == nil)
      #expect(throws: SocketError.self) { _ = try server.connect() }
    }

    @Test func stopsAtTheDeadlineWhoeverIsNotDone() throws {
      let server = try TestServer(closesWhenReadEnds: false)
      let client = try server.connect()
      try client.send(bytes("hello"))
      #expect(try client.receiveText() == "hello")
      let session = server.sessions[0]
      server.stop(within: .milliseconds(50))
      #expect(session.events == [.line("hello"), .readEnded, .closed(.stopped)])
      #expect(try client.receiveText() == nil)
    }

    @Test func survivesRandomBytes() throws {
      let server = try TestServer(limits: LineServerLimits(lineBytes: 1_000))
      for _ in 0..<50 {
        let client = try RawClient(path: server.path)
        let size = Int.random(in: 0...20_000)
        client.send((0..<size).map { _ in UInt8.random(in: 0...255) }, waiting: false)
      }
      let client = try server.connect()
      try client.send(bytes("still there"))
      #expect(try client.receiveText() == "still there")
      server.stop()
    }

    @Test func isFairWhileOneClientFloods() async throws {
      let server = try TestServer { connection, line, _ in
        // A flood is not answered, or it would be stopped by its own answers.
        if line.bytes != [] { connection.send(line.bytes) }
      }
      let isFlooding = Shared(true)
      let path = server.path
      let flood = Task.detached {
        let client = try RawClient(path: path)
        let newlines = [UInt8](repeating: 0x0A, count: 65_536)
        while isFlooding.value { client.send(newlines, waiting: false) }
      }
      let client = try server.connect()
      for _ in 0..<50 {
        try client.send(bytes("ping"))
        #expect(try client.receiveText(within: .seconds(5)) == "ping")
      }
      isFlooding.change { $0 = false }
      try await flood.value
      server.stop()
    }

    @Test func sendsFromManyThreadsWithoutMixingLines() async throws {
      let server = try TestServer()
      let client = try server.connect()
      try client.send(bytes("hello"))
      #expect(try client.receiveText() == "hello")
      let connection = server.sessions[0].connection
      let reader = Task.detached {
        var counts: [String: Int] = [:]
        for _ in 0..<4_000 { counts[try client.receiveText() ?? "", default: 0] += 1 }
        return counts
      }
      await withTaskGroup(of: Void.self) { group in
        for thread in 0..<4 {
          group.addTask {
            let line = bytes(String(repeating: "\(thread)", count: 500))
            for _ in 0..<1_000 { connection.send(line) }
          }
        }
      }
      let counts = try await reader.value
      #expect(counts.count == 4 && counts.values.allSatisfy { $0 == 1_000 })
      server.stop()
    }

    @Test func leavesNoDescriptorBehind() throws {
      let before = openDescriptorCount()
      do {
        let server = try TestServer()
        for round in 0..<30 {
          let client = try server.connect()
          try client.send(bytes("hello"))
          #expect(try client.receiveText() == "hello")
          if round % 2 == 0 { client.close() }
        }
        server.stop()
      }
      #expect(eventually { openDescriptorCount() == before })
    }

    @Test func survivesHavingNoDescriptorFree() throws {
      let server = try TestServer()
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      defer { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) }
      // One more descriptor for the client, none for the server's end.
      var lowered = limit
      let probe = dup(0)
      lowered.rlim_cur = rlim_t(probe) + 1
      close(probe)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &lowered)
      let client = try server.connect()
      #expect(eventually { server.acceptPauses > 0 })
      #expect(server.acceptPauses < 50)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      try client.send(bytes("at last"))
      #expect(try client.receiveText() == "at last")
      server.stop()
    }
  }
}
