import EventLog
import Glibc
import Testing

/// What is logged to a pipe.
private func logged(
  _ level: Log.Level = .debug, _ format: Log.Format = .journal, _ body: (Log) -> Void
) -> String {
  var ends: [Int32] = [0, 0]
  pipe(&ends)
  body(Log(level: level, descriptor: ends[1], format: format))
  close(ends[1])
  defer { close(ends[0]) }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(ends[0], &buffer, buffer.count)
    guard count > 0 else { break }
    text += buffer[..<count]
  }
  return String(decoding: text, as: UTF8.self)
}

@Suite struct LogTests {
  @Test func writesOneLineForAnEvent() {
    let text = logged {
      $0.info("import finished", ["images": 12, "seconds": 1.5, "library": "a b"])
      $0.error("database cannot be written")
    }
    #expect(
      text == """
        <6>import finished images=12 seconds=1.5 library="a b"
        <3>database cannot be written

        """)
  }

  @Test(arguments: [
    ("plain-word_1.2:3/4@x", "plain-word_1.2:3/4@x"), ("", #""""#), ("a b", #""a b""#),
    ("a=b", #""a=b""#), ("line\nbreak\r\t", #""line\nbreak\r\t""#), (#"quote"\"#, #""quote\"\\""#),
    ("\u{1B}[31mred", #""\u{1b}[31mred""#), ("\u{2028}x", #""\u{2028}x""#),
    ("\u{202E}txt", #""\u{202e}txt""#), ("Zoë", #""Zoë""#), ("\u{0}", #""\u{0}""#),
  ])
  func noValueBreaksTheLine(value: String, expected: String) {
    #expect(logged { $0.notice("event", ["key": value]) } == "<5>event key=\(expected)\n")
  }

  @Test func cutsLongValues() {
    let text = logged { $0.notice("event", ["key": String(repeating: "x", count: 100_000)]) }
    #expect(text == "<5>event key=\"\(String(repeating: "x", count: 1_024))…\"\n")
  }

  @Test func dropsWhatIsLessImportantThanTheLevel() {
    let text = logged(.warning) {
      $0.info("dropped")
      $0.warning("kept")
      $0.level = .debug
      $0.debug("kept too")
    }
    #expect(text == "<4>kept\n<7>kept too\n")
  }

  @Test func doesNotComputeWhatIsDropped() {
    var isComputed = false
    func compute() -> Int {
      isComputed = true
      return 1
    }
    _ = logged(.notice) { $0.debug("dropped", ["value": compute()]) }
    #expect(!isComputed)
  }

  @Test func startsWithTimeAndLevelOutsideOfTheJournal() throws {
    let text = logged(.debug, .plain) { $0.warning("event") }
    let pattern = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning event\n/
    #expect(try pattern.wholeMatch(in: text) != nil)
  }

  @Test func keepsLinesOfManyThreadsApart() async {
    let text = await withCheckedContinuation { continuation in
      continuation.resume(
        returning: logged { log in
          var threads: [pthread_t] = []
          for _ in 0..<4 {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(Box(log)).toOpaque()
            pthread_create(
              &thread, nil,
              { context in
                guard let context else { return nil }
                let log = Unmanaged<Box>.fromOpaque(context).takeRetainedValue().log
                for _ in 0..<50 { log.info("a message", ["key": "some value"]) }
                return nil
              }, context)
            threads.append(thread)
          }
          for thread in threads { pthread_join(thread, nil) }
        })
    }
    let lines = text.split(separator: "\n")
    #expect(lines.count == 200)
    #expect(lines.allSatisfy { $0 == #"<6>a message key="some value""# })
  }

  private final class Box {
    let log: Log
    init(_ log: Log) { self.log = log }
  }
}
