import Synchronization
import Testing
import Threading

@Suite struct SharedPassTests {
  @Test func answersOneThreadAtOnce() {
    let shared = SharedPass<Int, Int>(limit: 4)
    var passes = 0
    for number in 0..<10 {
      let answer = shared.answer(number) { numbers in
        passes += 1
        return numbers.map { $0 * $0 }
      }
      #expect(answer == number * number)
    }
    #expect(passes == 10)
  }

  /// While one pass is held up, others gather; nobody gets another's answer, and no pass is larger
  /// than the limit.
  @Test(arguments: [1, 3, 8]) func gathersThoseWhoComeMeanwhile(limit: Int) {
    let shared = SharedPass<Int, Int>(limit: limit)
    let sizes = Mutex<[Int]>([])
    let underWay = Mutex(0)
    let done = Countdown()
    let gate = Countdown()
    gate.begin()
    let asking = Countdown()
    let threads = 20
    for thread in 0..<threads {
      done.begin()
      asking.begin()
      startThread(named: "ask-\(thread)") {
        asking.end()
        for round in 0..<50 {
          let number = thread * 1000 + round
          let answer = shared.answer(number) { numbers in
            let others = underWay.withLock { count in
              count += 1
              return count - 1
            }
            #expect(others == 0)
            gate.wait()
            sizes.withLock { $0.append(numbers.count) }
            underWay.withLock { $0 -= 1 }
            return numbers.map { -$0 }
          }
          #expect(answer == -number)
        }
        done.end()
      }
    }
    asking.wait()
    gate.end()
    done.wait()
    let all = sizes.withLock { $0 }
    #expect(all.reduce(0, +) == threads * 50)
    #expect(all.allSatisfy { (1...limit).contains($0) })
  }
}
