import FigureCommands
import Synchronization
import Testing
import WireProtocol

@Suite struct ProgressTests {
  private let halfway = TaskProgress(
    total: 5678, done: 2839, refused: 3, faces: 4567, rate: 34.6, secondsLeft: 82)

  @Test func showsEverythingWhereThereIsRoom() {
    let line = ProgressLine.bar("importing", halfway, width: 120, isUnicode: true)
    #expect(
      line
        == "importing  " + String(repeating: "━", count: 20) + String(repeating: "╌", count: 20)
        + "  2,839/5,678  50 %  1:22 left  35/s  4,567 faces  3 refused")
  }

  @Test(arguments: 1...120)
  func fitsTheTerminal(width: Int) {
    let line = ProgressLine.bar("importing", halfway, width: width, isUnicode: true)
    #expect(DisplayWidth.of(line) <= width)
  }

  @Test func usesNothingButASCIIWhereTheTerminalShowsNoMore() {
    let line = ProgressLine.bar("importing", halfway, width: 100, isUnicode: false)
    #expect(line.utf8.allSatisfy { $0 < 0x80 })
    #expect(line.contains("####...."))
  }

  @Test func hasNoBarWhileTheTotalIsUnknown() {
    let line = ProgressLine.bar("importing", TaskProgress(), width: 80, isUnicode: true)
    #expect(line == "importing  starting")
  }

  @Test(arguments: [
    TaskProgress(total: 1, done: 2), TaskProgress(total: 1, done: -1),
    TaskProgress(total: 1, done: 1, rate: .infinity, secondsLeft: .infinity),
  ])
  func survivesNumbersThatMakeNoSense(progress: TaskProgress) {
    #expect(
      DisplayWidth.of(ProgressLine.bar("x", progress, width: 80, isUnicode: true)) <= 80)
  }

  /// Ten times a second on a terminal; every five seconds, and not at once, in a log.
  @Test(arguments: [(true, 11), (false, 0)])
  func redrawsNoMoreThanAPersonCanRead(isTerminal: Bool, count: Int) {
    let shown = Mutex(0)
    let output = Output(
      terminal: Terminal(errorIsTerminal: isTerminal), result: { _ in },
      diagnostic: { _ in shown.withLock { $0 += 1 } })
    let display = ProgressDisplay("importing", output: output, isSilent: false)
    let start = ContinuousClock.now
    for millisecond in 0...1000 {
      display.show(halfway, now: start + .milliseconds(millisecond))
    }
    #expect(shown.withLock { $0 } == count)
  }

  @Test func saysNothingWhenSilent() {
    let output = Output(
      terminal: Terminal(errorIsTerminal: true), result: { _ in },
      diagnostic: { _ in Issue.record("something was shown") })
    let display = ProgressDisplay("importing", output: output, isSilent: true)
    display.show(halfway)
    display.end()
  }

  @Test func estimatesTheTimeLeftFromTheTimeTaken() {
    var progress = TaskProgress(total: 100, done: 25)
    let start = ContinuousClock.now
    progress.estimate(since: start, now: start + .seconds(5))
    #expect(progress.rate == 5)
    #expect(progress.secondsLeft == 15)
  }
}
