import Glibc
import Synchronization
import Testing
import UnixSocket

/// Something that closures on several threads write to.
final class Shared<Value: Sendable>: Sendable {
  private let content: Mutex<Value>
  init(_ value: Value) { content = Mutex(value) }
  var value: Value { content.withLock { $0 } }
  func change(_ body: (inout sending Value) -> Void) { content.withLock { body(&$0) } }
}

extension SocketTests {
  @Suite struct EventLoopTests {
    @Test func runsTimersInTheOrderOfTheirDeadlines() throws {
      let loop = try EventLoop()
      let order = Shared<[Int]>([])
      loop.schedule(after: .milliseconds(60)) {
        order.change { $0.append(3) }
        loop.stop()
      }
      loop.schedule(after: .milliseconds(10)) { order.change { $0.append(1) } }
      loop.schedule(after: .milliseconds(30)) { order.change { $0.append(2) } }
      let start = ContinuousClock.now
      loop.run()
      #expect(order.value == [1, 2, 3])
      #expect(ContinuousClock.now - start >= .milliseconds(60))
    }

    @Test func repeatsATimerUntilItIsCancelled() throws {
      let loop = try EventLoop()
      let ticks = Shared(0)
      let timer = Shared<EventLoop.Timer?>(nil)
      let set = loop.schedule(every: .milliseconds(5)) {
        ticks.change { $0 += 1 }
        if ticks.value == 3, let timer = timer.value { loop.cancel(timer) }
      }
      timer.change { $0 = set }
      loop.schedule(after: .milliseconds(100)) { loop.stop() }
      loop.run()
      #expect(ticks.value == 3)
    }

    @Test func doesWorkFromOtherThreadsInTheirOrder() async throws {
      let loop = try EventLoop()
      let thread = try LoopThread(running: loop, name: "event-loop-test")
      let seen = Shared<[[Int]]>([[], [], [], []])
      await withTaskGroup(of: Void.self) { group in
        for task in 0..<4 {
          group.addTask {
            for index in 0..<1_000 { loop.perform { seen.change { $0[task].append(index) } } }
          }
        }
      }
      thread.stopAndWait()
      #expect(seen.value.allSatisfy { $0 == Array(0..<1_000) })
    }

    @Test func doesNotCallARemovedWatch() throws {
      let loop = try EventLoop()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let reading = FileDescriptor(owning: ends[0])
      let writing = FileDescriptor(owning: ends[1])
      let calls = Shared(0)
      let watch = try loop.watch(reading, for: .read) { _ in calls.change { $0 += 1 } }
      loop.remove(watch)
      write(writing.rawValue, "x", 1)
      loop.schedule(after: .milliseconds(30)) { loop.stop() }
      loop.run()
      #expect(calls.value == 0)
    }

    @Test func watchesForWritingWhenAskedTo() throws {
      let loop = try EventLoop()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let reading = FileDescriptor(owning: ends[0])
      let writing = FileDescriptor(owning: ends[1])
      let seen = Shared<EventLoop.Readiness>([])
      let watch = try loop.watch(writing, for: []) { readiness in
        seen.change { $0 = readiness }
        loop.stop()
      }
      try loop.setInterest(.write, of: watch)
      loop.run()
      loop.remove(watch)
      #expect(seen.value == .writable)
      _ = consume reading
    }

    @Test func deliversSignalsThatCameBeforeItRan() throws {
      SignalWatch.block([SIGUSR1])
      pthread_kill(pthread_self(), SIGUSR1)
      let loop = try EventLoop()
      let seen = Shared<[Int32]>([])
      let watch = try SignalWatch([SIGUSR1], on: loop) { signal in
        seen.change { $0.append(signal) }
        loop.stop()
      }
      loop.run()
      #expect(seen.value == [SIGUSR1])
      _ = watch
    }

    @Test func leavesNoDescriptorBehind() throws {
      let before = openDescriptorCount()
      for _ in 0..<10 { _ = try EventLoop() }
      #expect(openDescriptorCount() == before)
    }
  }
}
