import Glibc
import Testing
import UnixSocket

/// An open file with this content, which no directory knows any more.
private func file(_ content: String) throws -> FileDescriptor {
  var template = Array("/tmp/figured-file-XXXXXX".utf8CString)
  let number = mkstemp(&template)
  try #require(number >= 0)
  unlink(template)
  write(number, content, content.utf8.count)
  lseek(number, 0, SEEK_SET)
  return FileDescriptor(owning: number)
}

private func content(_ descriptor: borrowing FileDescriptor) -> String {
  var buffer = [UInt8](repeating: 0, count: 100)
  let count = pread(descriptor.rawValue, &buffer, buffer.count, 0)
  return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
}

private func queue(_ contents: [String]) throws -> DescriptorQueue {
  var queue = DescriptorQueue()
  for content in contents { queue.append(try file(content)) }
  return queue
}

extension SocketTests {
  @Suite struct DescriptorPassingTests {
    /// Answers `take N` with the contents of that many files, joined; other lines with `ok`.
    private static let taker: RecordingSession.Handler = { connection, line, descriptors in
      let words = String(decoding: line.bytes, as: UTF8.self).split(separator: " ")
      guard words.count == 2, words[0] == "take", let count = Int(words[1]) else {
        connection.send(bytes("ok"))
        return
      }
      var contents: [String] = []
      for _ in 0..<count {
        guard let descriptor = descriptors.take() else { break }
        #expect(fcntl(descriptor.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        contents.append(content(descriptor))
      }
      connection.send(bytes(contents.joined(separator: "+")))
    }

    @Test func closesWhatNobodyTakes() throws {
      let before = openDescriptorCount()
      do {
        var queue = try queue(["a", "b", "c"])
        #expect(queue.count == 3)
        let first = queue.take()
        #expect(first != nil && queue.count == 2)
        _ = consume first
      }
      #expect(openDescriptorCount() == before)
    }

    @Test func passesFilesThatTheServerReads() throws {
      let before = openDescriptorCount()
      do {
        let server = try TestServer(handler: Self.taker)
        let client = try server.connect()
        try client.send(bytes("take 1"), passing: queue(["a photograph"]))
        #expect(try client.receiveText() == "a photograph")
        try client.send(bytes("take 3"), passing: queue(["a", "b", "c"]))
        #expect(try client.receiveText() == "a+b+c")
        server.stop()
      }
      #expect(eventually { openDescriptorCount() == before })
    }

    @Test func keepsFilesOfPipelinedLinesApart() throws {
      let server = try TestServer(handler: Self.taker)
      let client = try server.connect()
      for index in 0..<200 {
        switch index % 3 {
        case 0: try client.send(bytes("take 2"), passing: queue(["\(index)a", "\(index)b"]))
        case 1: try client.send(bytes("none"))
        default: try client.send(bytes("take 1"), passing: queue(["\(index)"]))
        }
      }
      for index in 0..<200 {
        let expected =
          switch index % 3 {
          case 0: "\(index)a+\(index)b"
          case 1: "ok"
          default: "\(index)"
          }
        #expect(try client.receiveText() == expected)
      }
      server.stop()
    }

    @Test func passesFilesWithALineThatTakesManyMessages() throws {
      let server = try TestServer { connection, line, descriptors in
        var text = "none"
        if let descriptor = descriptors.take() { text = content(descriptor) }
        connection.send(bytes("\(line.bytes.count) \(text)"))
      }
      let client = try server.connect()
      try client.send([UInt8](repeating: 0x61, count: 1_000_000), passing: queue(["inside"]))
      #expect(try client.receiveText() == "1000000 inside")
      server.stop()
    }

    @Test func endsAConnectionThatPassesTooManyFiles() throws {
      let before = openDescriptorCount()
      do {
        let server = try TestServer(handler: Self.taker)
        let client = try server.connect()
        for _ in 0..<16 {
          try client.send(bytes("nothing taken"), passing: queue(["x"]))
          #expect(try client.receiveText() == "ok")
        }
        try client.send(bytes("one more"), passing: queue(["x"]))
        #expect(try client.receiveText() == "rule broken")
        #expect(try client.receiveText() == nil)
        let violation = LineViolation.tooManyDescriptors(limit: 16)
        #expect(
          eventually { server.sessions[0].events.last == .closed(.ruleBroken(violation)) })
        server.stop()
      }
      #expect(eventually { openDescriptorCount() == before })
    }

    @Test func refusesToSendTooManyFilesAtOnce() throws {
      let before = openDescriptorCount()
      do {
        let server = try TestServer(handler: Self.taker)
        let client = try server.connect()
        try client.send(bytes("take 16"), passing: queue((0..<16).map { "\($0)" }))
        #expect(
          try client.receiveText() == (0..<16).map { "\($0)" }.joined(separator: "+"))
        #expect(throws: SocketError.tooManyDescriptors(count: 17, limit: 16)) {
          try client.send(bytes("take 17"), passing: queue((0..<17).map { "\($0)" }))
        }
        server.stop()
      }
      #expect(eventually { openDescriptorCount() == before })
    }

    /// By hand, since our own client does not.
    @Test(arguments: [17, 40, 253])
    func endsAConnectionThatSendsTooManyFilesInOneMessage(count: Int) throws {
      let before = openDescriptorCount()
      do {
        let server = try TestServer(handler: Self.taker)
        let client = try RawClient(path: server.path)
        let null = FileDescriptor(owning: open("/dev/null", O_RDONLY))
        sendRights(to: client.descriptor.rawValue, Array(repeating: null.rawValue, count: count))
        #expect(client.receive(12) == bytes("rule broken\n"))
        #expect(
          eventually {
            server.sessions.first?.events.last == .closed(.ruleBroken(.descriptorsLost))
          })
        server.stop()
      }
      #expect(eventually { openDescriptorCount() == before })
    }

    @Test func closesFilesThatNoLineTookWhenTheClientLeaves() throws {
      let server = try TestServer(handler: Self.taker)
      let before = openDescriptorCount()
      do {
        let client = try server.connect()
        try client.send(bytes("nothing taken"), passing: queue(["x", "y"]))
        #expect(try client.receiveText() == "ok")
      }
      #expect(eventually { server.connectionCount == 0 && openDescriptorCount() == before })
      server.stop()
    }

    @Test func acceptsCredentialsThatTheSocketUnitAsksFor() throws {
      // PassCredentials=yes adds ancillary data to every message.
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let listener = try Listener.bind(path: path)
      var on: Int32 = 1
      setsockopt(listener.descriptor.rawValue, SOL_SOCKET, SO_PASSCRED, &on, 4)
      let loop = try EventLoop()
      let thread = try LoopThread(running: loop, name: "credentials")
      let service = OneSessionService(handler: Self.taker)
      let server = LineServer(listener: listener, service: service, loop: loop)
      try server.start()
      let client = try LineClient(connectingTo: path)
      try client.send(bytes("take 16"), passing: queue((0..<16).map { "\($0)" }))
      #expect(try client.receiveText() == (0..<16).map { "\($0)" }.joined(separator: "+"))
      client.close()
      let isStopped = Shared(false)
      server.stop(within: .seconds(5)) { isStopped.change { $0 = true } }
      #expect(eventually { isStopped.value })
      thread.stopAndWait()
    }
  }
}

private final class OneSessionService: LineService {
  let handler: RecordingSession.Handler
  init(handler: @escaping RecordingSession.Handler) { self.handler = handler }
  func connectionOpened(_ connection: LineConnection) -> any LineSession {
    RecordingSession(connection, closesWhenReadEnds: true, handler: handler)
  }
  func lineRefusing(_ refusal: ConnectionRefusal, to peer: PeerCredentials) -> [UInt8] { [] }
  func acceptingPaused(errno: Int32) {}
}

/// Sends a newline with descriptors, however many.
private func sendRights(to number: Int32, _ descriptors: [Int32]) {
  let size = 16 + descriptors.count * 4
  var control = [UInt8](repeating: 0, count: (size + 7) / 8 * 8)
  control.withUnsafeMutableBytes { control in
    control.storeBytes(of: size, as: Int.self)
    control.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
    control.storeBytes(of: Int32(1), toByteOffset: 12, as: Int32.self)  // SCM_RIGHTS
    for (index, descriptor) in descriptors.enumerated() {
      control.storeBytes(of: descriptor, toByteOffset: 16 + 4 * index, as: Int32.self)
    }
    var byte: UInt8 = 0x0A
    withUnsafeMutablePointer(to: &byte) { byte in
      var part = iovec(iov_base: byte, iov_len: 1)
      withUnsafeMutablePointer(to: &part) { part in
        var header = msghdr()
        header.msg_iov = part
        header.msg_iovlen = 1
        header.msg_control = control.baseAddress
        header.msg_controllen = control.count
        sendmsg(number, &header, 0)
      }
    }
  }
}
