import Testing
import Threading

@Suite struct BackgroundTests {
  private struct Failure: Error {}

  @Test func handsOutItsValueAsOftenAsAsked() throws {
    let go = BlockingQueue<Int>(capacity: 1)
    let sum = Background(named: "sum") { (go.take() ?? 0) + 1 }
    #expect(go.put(41))
    #expect(try sum.value() == 42)
    #expect(try sum.value() == 42)
  }

  @Test func passesOnWhatWasThrown() {
    let failing = Background<Int>(named: "failing") { throw Failure() }
    #expect(throws: Failure.self) { try failing.value() }
  }
}
