import Synchronization
import Testing
import Threading

@Suite struct BlockingQueueTests {
  @Test func handsOutInOrderAndEndsWhenClosed() {
    let queue = BlockingQueue<Int>(capacity: 10)
    for number in 0..<5 { #expect(queue.put(number)) }
    queue.close()
    #expect(!queue.put(5))
    #expect((0..<5).map { _ in queue.take() } == [0, 1, 2, 3, 4])
    #expect(queue.take() == nil)
  }

  @Test func makesProducersWaitForRoom() {
    let queue = BlockingQueue<Int>(capacity: 2)
    startThread(named: "producer") {
      for number in 0..<1000 { _ = queue.put(number) }
      queue.close()
    }
    var taken: [Int] = []
    while let number = queue.take() {
      #expect(queue.count <= 2)
      taken.append(number)
    }
    #expect(taken == Array(0..<1000))
  }

  @Test func aPoolRunsEveryJobOnce() {
    let pool = WorkerPool(name: "pool", threads: 3)
    let sum = Atomic(0)
    let done = BlockingQueue<Int>(capacity: .max)
    for number in 1...100 {
      pool.submit {
        sum.add(number, ordering: .relaxed)
        _ = done.put(number)
      }
    }
    for _ in 1...100 { _ = done.take() }
    pool.stop()
    #expect(sum.load(ordering: .relaxed) == 5050)
  }

  @Test func aWaitEndsWhenItsTimeIsUp() {
    let condition = Condition()
    #expect(condition.withLock { condition.wait(milliseconds: 5) } == false)
  }
}
