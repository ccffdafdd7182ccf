import Glibc
import Testing
import UnixSocket

extension SocketTests {
  @Suite struct ListenerTests {
    private func permissions(_ path: String) -> UInt32 {
      var status = stat()
      lstat(path, &status)
      return UInt32(status.st_mode) & 0o777
    }

    @Test(arguments: [0o600, 0o660, 0o666] as [UInt32])
    func givesThePathTheModeWhateverTheUmask(mode: UInt32) throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let old = umask(0o077)
      defer { umask(old) }
      let listener = try Listener.bind(path: path, mode: mode)
      #expect(permissions(path) == mode)
      _ = consume listener
    }

    @Test func givesThePathTheGroup() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let listener = try Listener.bind(path: path, group: getegid())
      var status = stat()
      lstat(path, &status)
      #expect(status.st_gid == getegid())
      _ = consume listener
    }

    @Test func removesItsPathAtTheEnd() throws {
      let directory = try TemporaryDirectory()
      do { _ = try Listener.bind(path: directory.path + "/s") }
      #expect(directory.names.isEmpty)
    }

    @Test func leavesAPathAloneThatSomebodyElseTook() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let first = try Listener.bind(path: path)
      unlink(path)
      let second = try Listener.bind(path: path)
      _ = consume first
      #expect(directory.names == ["s"])
      _ = consume second
      #expect(directory.names.isEmpty)
    }

    @Test func replacesASocketThatNobodyAnswersAt() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      // What a crash leaves: bound, and then closed without being removed.
      let listener = try Listener.bind(path: path)
      rename(path, path + "-crashed")
      _ = consume listener
      rename(path + "-crashed", path)
      #expect(directory.names == ["s"])
      let next = try Listener.bind(path: path)
      let client = try LineClient(connectingTo: path)
      client.close()
      _ = consume next
    }

    @Test func refusesToReplaceALiveSocket() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let listener = try Listener.bind(path: path)
      #expect(throws: SocketError.alreadyInUse(path: path)) { _ = try Listener.bind(path: path) }
      let client = try LineClient(connectingTo: path)
      client.close()
      _ = consume listener
    }

    @Test func refusesToReplaceALiveSocketWithAFullQueue() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let listener = try Listener.bind(path: path, backlog: 0)
      let first = try LineClient(connectingTo: path)
      #expect(throws: SocketError.alreadyInUse(path: path)) { _ = try Listener.bind(path: path) }
      #expect(throws: SocketError.timedOut) {
        _ = try LineClient(connectingTo: path, within: .milliseconds(50))
      }
      first.close()
      _ = consume listener
    }

    @Test func refusesToReplaceAFile() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      close(open(path, O_CREAT | O_WRONLY, 0o600))
      #expect(throws: SocketError.notASocket(path: path)) { _ = try Listener.bind(path: path) }
      #expect(directory.names == ["s"])
    }

    @Test func doesNotFollowASymbolicLink() throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      symlink(directory.path + "/elsewhere", path)
      #expect(throws: SocketError.notASocket(path: path)) { _ = try Listener.bind(path: path) }
    }

    @Test func namesTheLimitOfALongPath() throws {
      let directory = try TemporaryDirectory()
      let room = 107 - directory.path.utf8.count - 1
      let longest = directory.path + "/" + String(repeating: "s", count: room)
      _ = try Listener.bind(path: longest)
      #expect(throws: SocketError.pathTooLong(longest + "s", limit: 107)) {
        _ = try Listener.bind(path: longest + "s")
      }
    }

    @Test(arguments: ["", "a\0b"])
    func refusesWhatIsNoPath(path: String) {
      #expect(throws: SocketError.invalidPath(path)) { _ = try Listener.bind(path: path) }
    }

    @Test func namesADirectoryThatDoesNotExist() {
      #expect(
        throws: SocketError.system(call: "open", code: ENOENT, path: "/tmp/does-not-exist-figured")
      ) { _ = try Listener.bind(path: "/tmp/does-not-exist-figured/s") }
    }

    @Test func takesOverOnlyListeningStreamSockets() throws {
      let directory = try TemporaryDirectory()
      let listener = try Listener.bind(path: directory.path + "/s")
      let adopted = try Listener(adopting: listener.descriptor.duplicate())
      #expect(adopted.path == nil)
      _ = consume adopted
      // The one that was handed over does not remove what the service manager made.
      #expect(directory.names == ["s"])

      var ends: [Int32] = [0, 0]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      #expect(throws: SocketError.notAListener(descriptor: ends[0])) {
        _ = try Listener(adopting: FileDescriptor(owning: ends[0]))
      }
      close(ends[1])
    }

    @Test func onlyOneOfManyThatStartAtOnceWins() async throws {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/s"
      let wins = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask {
            do {
              let listener = try Listener.bind(path: path)
              try await Task.sleep(for: .milliseconds(300))
              _ = consume listener
              return 1
            } catch SocketError.alreadyInUse {
              return 0
            }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(wins == 1)
    }
  }

  @Suite struct PeerCredentialsTests {
    @Test func namesOurselvesAtBothEnds() throws {
      var ends: [Int32] = [0, 0]
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
      let first = FileDescriptor(owning: ends[0])
      let second = FileDescriptor(owning: ends[1])
      var groups = [gid_t](repeating: 0, count: 65_536)
      let count = getgroups(Int32(groups.count), &groups)
      for credentials in [try PeerCredentials(of: first), try PeerCredentials(of: second)] {
        #expect(credentials.userID == geteuid())
        #expect(credentials.groupID == getegid())
        #expect(credentials.processID == getpid())
        #expect(credentials.supplementaryGroupIDs == groups.prefix(Int(count)).map { UInt32($0) })
        #expect(credentials.isMember(ofGroup: getegid()))
        #expect(!credentials.isMember(ofGroup: 4_000_000_000))
      }
    }

    @Test func failsForWhatIsNoSocket() throws {
      let file = FileDescriptor(owning: open("/dev/null", O_RDONLY))
      #expect(throws: SocketError.self) { _ = try PeerCredentials(of: file) }
    }
  }
}
